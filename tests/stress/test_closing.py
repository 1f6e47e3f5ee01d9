"""Closings under rivals, sudden death and repetition: each document once, numbers 1…n (X2, X3)."""

from __future__ import annotations

import json

import pytest

from billing_project.calendar import Month
from billing_project.jobs.tasks import run_jobs
from tests.stress.machinery import Machines, Process, Queue, blocked_by, gone, locked, until
from tests.stress.shop import CUSTOMERS, Shop

pytestmark = pytest.mark.stress
SHUT_GATE = "SELECT id FROM invoices_billinggate WHERE tenant_id = %s FOR UPDATE"
TAKE_NUMBERS = (
    "INSERT INTO invoices_numbercounter (tenant_id, kind, year, last) VALUES (%s, 'invoice', %s, 0)"
)


def task_ids(worker: Process, event: str) -> set[str]:
    return {line["task_id"] for line in worker.events(event)}


def test_two_workers_and_an_operator_close_the_same_period(
    machines: Machines, queue: Queue, shop: Shop
) -> None:
    """The broker gives the task out again after two seconds (so does Celery on Redis)."""
    workers = machines.workers(2)
    with locked(SHUT_GATE, [shop.pk], shop.pk) as rival:
        queue.ask(run_jobs, shop.pk)
        until(lambda: blocked_by(rival), "a worker is at the closing")
        month = str(Month.of(shop.closes_on))
        operator = machines.start("manage.py", "close_month", f"--tenant={shop.tenant.slug}", "--json", month)
        until(
            lambda: set.intersection(*(task_ids(worker, "task_started") for worker in workers)),
            "both workers have been given the same task",
        )
    assert operator.wait() == 0, operator.lines()
    assert json.loads(operator.lines()[-1])["documents"] == CUSTOMERS
    until(lambda: all(task_ids(worker, "task_succeeded") for worker in workers), "both workers are done")
    shop.assert_billed_once()
    assert shop.jobs_done() == [("invoices.close", shop.closes_on), ("invoices.issue", shop.closes_on)]


def test_a_worker_killed_in_the_middle_of_a_closing(machines: Machines, queue: Queue, shop: Shop) -> None:
    worker = machines.worker()
    with locked(TAKE_NUMBERS, [shop.pk, shop.closes_on.year], shop.pk) as rival:
        queue.ask(run_jobs, shop.pk)
        halfway = until(lambda: blocked_by(rival), "the closing wants its numbers")
        worker.kill()
    until(lambda: gone(halfway), "the database has buried the dead worker's session")
    assert shop.documents() == []
    machines.worker()
    until(shop.issued, "the next worker has issued the documents")
    shop.assert_billed_once()
