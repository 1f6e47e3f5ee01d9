"""A payment and the daily run at the same moment: whichever comes first, a customer that has paid is free."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from payments.selectors.dunning import steps_in_force
from payments.services import receive_transfer
from payments.services.dunning import take_steps
from tests.acts import at
from tests.rivals import Rival, side_by_side

MIDNIGHT = at("2026-12-10 00:00")
DAY = date(2026, 12, 10)


@pytest.fixture
def debtor(tenant: Tenant) -> Customer:
    from invoices.services.closing import close_period, issue_closing
    from orders.services import deliver
    from tests.factories import make_customer
    from tests.orders.factories import order_of

    with tenant_context(tenant), clock.frozen(at("2026-10-05 10:00")):
        customer = make_customer()
        deliver(order=order_of(customer))
    with tenant_context(tenant), clock.frozen(at("2026-11-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 10, 31)))
    return customer


def pay(customer: Customer) -> None:
    receive_transfer(amount=33_000, payer_name="ｶ)ｱｸﾒ", received_on=DAY, reference="1", customer=customer)


@pytest.mark.parametrize("turn", range(3))
def test_side_by_side(tenant: Tenant, debtor: Customer, turn: int) -> None:
    rivals = side_by_side(tenant, MIDNIGHT, [lambda: pay(debtor), lambda: take_steps(DAY)])
    assert [each.error for each in rivals] == [None, None]
    with tenant_context(tenant):
        assert steps_in_force(debtor) == []


def test_the_run_waits_for_a_payment_under_way_and_sees_it(tenant: Tenant, debtor: Customer) -> None:
    with tenant_context(tenant), clock.frozen(MIDNIGHT):
        pay(debtor)
        rival = Rival(tenant, MIDNIGHT, lambda: take_steps(DAY)).start()
        assert rival.waits()
    rival.join()
    assert (rival.error, rival.result) == (None, 0)
    with tenant_context(tenant):
        assert steps_in_force(debtor) == []
