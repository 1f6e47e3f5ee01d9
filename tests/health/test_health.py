"""The health pages say what is true: the process lives, and whether all that it needs answers."""

from __future__ import annotations

import json

import pytest

from billing_project.embedded.valkey import Valkey
from tests.stress.machinery import Machines, Website

pytestmark = pytest.mark.stress
FINE = {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok"}
NOBODY_LISTENS = "postgresql://shimebi_app@127.0.0.1:1/nowhere"


def ready(website: Website) -> tuple[int, dict[str, str]]:
    status, body = website.ask("/readyz")
    return status, json.loads(body)


def test_ready_means_that_database_broker_and_a_worker_answer(machines: Machines, broker: Valkey) -> None:
    worker, website = machines.start_worker(), machines.web()
    worker.says("ready.")
    assert ready(website) == (200, FINE)
    worker.pause()
    status, parts = ready(website)
    assert status == 503
    assert parts == {**FINE, "status": "unavailable", "worker": "TimeoutError"}
    worker.kill()
    assert ready(website) == (503, parts)
    broker.stop()
    status, parts = ready(website)
    assert status == 503
    assert parts == {
        "status": "unavailable",
        "database": "ok",
        "broker": "ConnectionError",
        "worker": "ConnectionError",
    }
    assert website.ask("/healthz") == (200, '{"status": "ok"}')


def test_without_a_database_the_process_still_answers(machines: Machines) -> None:
    """Under a tenant's host too, and under the address by which a load balancer asks."""
    website = machines.web(DATABASE_URL=NOBODY_LISTENS)
    for host in ("localhost", "alpha.localhost", "10.0.0.7:8000"):
        assert website.ask("/healthz", host) == (200, '{"status": "ok"}')
        status, body = website.ask("/readyz", host)
        assert (status, json.loads(body)["database"]) == (503, "OperationalError")


def test_a_public_site_answers_without_https(machines: Machines) -> None:
    website = machines.web(
        BASE_DOMAIN="shimebi.example",
        PUBLIC_SCHEME="https",
        SECRET_KEY="k" * 50,
        MAIL_CAPTURE_DIR="",
        CARD_GATEWAY="",
    )
    assert website.ask("/healthz", "127.0.0.1:8000") == (200, '{"status": "ok"}')
    assert website.ask("/", "shimebi.example") == (301, "https://shimebi.example/")
