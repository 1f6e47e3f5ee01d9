"""The beat was off for three days (X3): what was missed is done in order and dated as it would have been."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing_project import clock
from billing_project.jobs.services import next_due
from billing_project.tenancy.context import tenant_context
from tests.invoices.shop import TOKYO
from tests.orders.factories import order_of
from tests.stress.machinery import Machines, Mailbox, until
from tests.stress.shop import Shop, at_noon

pytestmark = pytest.mark.stress
ORDER_OF_A_DAY = ["orders.expire", "invoices.close", "invoices.issue", "orders.expiry_warnings"]


def caught_up(shop: Shop) -> bool:
    with tenant_context(shop.tenant):
        return next_due(clock.now()) is None


def order_made(shop: Shop, days_ago: int) -> None:
    """It waits for delivery for 30 days with that of the order, and ends on the next."""
    with clock.frozen(at_noon(clock.today(TOKYO) - timedelta(days=days_ago))), tenant_context(shop.tenant):
        order_of()


def test_three_days_without_a_beat(machines: Machines, mailbox: Mailbox, shop: Shop) -> None:
    four, three, two, one = (clock.today(TOKYO) - timedelta(days=n) for n in (4, 3, 2, 1))
    order_made(shop, 32)
    order_made(shop, 31)
    shop.caught_up(at_noon(four))
    before = shop.jobs_done()
    assert before == [("orders.expiry_warnings", four - timedelta(days=n)) for n in (2, 1, 0)]

    machines.beat()
    machines.worker()
    until(lambda: caught_up(shop), "all days are caught up")
    missed = [
        ("orders.expiry_warnings", three),
        ("orders.expire", two),
        ("orders.expiry_warnings", two),
        ("orders.expire", one),
        ("invoices.close", shop.closes_on),
        ("invoices.issue", shop.closes_on),
    ]
    in_order = sorted(missed, key=lambda job: (job[1], ORDER_OF_A_DAY.index(job[0])))
    assert shop.jobs_done()[len(before) :] == in_order
    assert {document.issued_on for document in shop.documents()} == {shop.closes_on}
    shop.assert_billed_once()
    # Mails of jobs that ran at night wait for 07:00; at what hour this test runs is not its matter.
    shop.pause_is_over()
    until(shop.all_sent, "the mails went out")
    shop.assert_mailed_once(mailbox)
