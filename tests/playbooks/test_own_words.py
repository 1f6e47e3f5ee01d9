"""The expectations that are this product's own find what is not so."""

import pytest

from accounts.models import Tenant
from playbooks.runner.expectations import hidden
from tests.playbooks.test_stories import altered, messages


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (
            "audit: [{act: order_placed, by: operator}]",
            "audit[1]: expected {act: order_placed, by: operator}",
        ),
        ("audit: [{act: period_closed, by: job}, {act: period_closed}]", "audit[2]: expected"),
        ("deposit_reports: [{on: 2026-09-30}]", "deposit_reports[1]: expected {on: 2026-09-30}"),
        ("print_queue: [{day: 2026-11-01, waiting: 1}]", "print_queue[1]: expected {day: 2026-11-01"),
    ],
)
def test_what_is_not_so_is_found(wanted: str, found: str) -> None:
    outcome = altered(("unmatched_transfers: 0", wanted))
    assert len(messages(outcome)) == 1
    assert found in messages(outcome)[0]


def test_a_row_that_others_see_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tenant itself plays its neighbour: it sees all."""
    monkeypatch.setattr(hidden, "create_tenant", lambda **_: Tenant.objects.get(slug__startswith="playbook-"))
    outcome = altered(("unmatched_transfers: 0", "hidden_from_others: true"))
    assert any("a neighbour sees 1 rows of orders_order" in message for message in messages(outcome))
    assert not any("nobody sees" in message for message in messages(outcome))
