"""Several processes at once, and processes that die: each document once, numbers without gap (X2, X3)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import Customer, Tenant
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Closing, Document, DocumentLine
from tests.factories import make_customer
from tests.invoices.shop import assert_books_are_right, at, charge, close_and_issue, make_shop

pytestmark = pytest.mark.stress
ROOT = Path(__file__).parents[2]
DAY = date(2026, 10, 15)
CUSTOMERS = 30
PATIENCE = 120


class Rival:
    """A process that does one act when told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def begin(self) -> None:
        self._line("\n")

    def go_on(self) -> None:
        self._line("\n")

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def end(self) -> int:
        return self.process.wait(PATIENCE)

    def _line(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text)
        self.process.stdin.flush()


@contextmanager
def rival(act: str, **arguments: Any) -> Iterator[Rival]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.invoices.rival", act, json.dumps(arguments)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "billing_project.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        found = Rival(process)
        assert found.hear() == "ready"
        yield found
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def shop() -> Tenant:
    """A shop with a charge for each of its customers."""
    shop = make_shop()
    with at(shop, "2026-10-15 10:00"):
        for number in range(CUSTOMERS):
            charge(make_customer(f"c{number}"), DAY, 100 + number)
    return shop


def assert_all_billed_once(shop: Tenant) -> None:
    with tenant_context(shop):
        serials = Document.objects.order_by("serial").values_list("serial", flat=True)
        assert list(serials) == list(range(1, CUSTOMERS + 1))
        assert DocumentLine.objects.count() == CUSTOMERS
        assert Mail.objects.filter(kind="document_issued").count() == CUSTOMERS
    assert_books_are_right(shop)


def test_two_closings_at_once_issue_each_document_once(shop: Tenant) -> None:
    with ExitStack() as stack:
        rivals = [
            stack.enter_context(rival("close", tenant_id=shop.pk, closes_on="2026-10-31")) for _ in range(2)
        ]
        for each in rivals:
            each.begin()
        assert [each.hear() for each in rivals] == [str(CUSTOMERS)] * 2
        assert [each.end() for each in rivals] == [0, 0]
    assert_all_billed_once(shop)


def test_a_closing_killed_before_its_commit_leaves_nothing_and_is_done_once_afterwards(shop: Tenant) -> None:
    with rival("close", tenant_id=shop.pk, closes_on="2026-10-31", hold=True) as first:
        first.begin()
        assert first.hear() == str(CUSTOMERS)
        first.kill()
    with tenant_context(shop):
        assert not Closing.objects.exists()
        assert not Document.objects.exists()
    with at(shop, "2026-11-01 07:00"):
        close_and_issue()
    assert_all_billed_once(shop)


def test_a_charge_that_comes_while_a_closing_is_under_way_waits_and_goes_into_the_next(shop: Tenant) -> None:
    with tenant_context(shop):
        customer = Customer.objects.order_by("id")[0]
    with (
        rival("close", tenant_id=shop.pk, closes_on="2026-10-31", hold=True) as closing,
        rival("record", tenant_id=shop.pk, customer_id=customer.pk) as recording,
    ):
        closing.begin()
        closing.hear()
        recording.begin()
        wait_until_blocked()
        closing.go_on()
        assert (closing.end(), recording.end()) == (0, 0)
        late = int(recording.hear())
    assert_all_billed_once(shop)
    with at(shop, "2026-12-01 07:00"):
        november = close_and_issue(date(2026, 11, 30))
        [line] = DocumentLine.objects.filter(document__closing=november)
        assert line.charge_id == late


def wait_until_blocked() -> None:
    """Until another session of ours waits for a lock."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock' AND query LIKE '%billinggate%'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits.")
