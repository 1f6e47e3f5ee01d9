"""Cancelling while a month is closed or billed: the charge is either on no document, or returned by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import Tenant
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Closing, Document, DocumentKind
from invoices.services.closing import close_period, issue_closing
from ledger.models import CustomerBalance
from ledger.verification import verify
from orders.models import LineState, Order, OrderLine
from orders.services import deliver
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import order_of
from tests.rivals import Rival, side_by_side

ISSUE_TIME = at("2026-11-01 07:00")
OCTOBER = date(2026, 10, 31)


@pytest.fixture
def orders(tenant: Tenant) -> list[Order]:
    """Five orders of five customers, delivered on 30 October."""
    with tenant_context(tenant), clock.frozen(at("2026-10-30 10:00")):
        return [deliver(order=order_of(make_customer())) for _ in range(5)]


@pytest.fixture
def closing(tenant: Tenant, orders: list[Order]) -> Closing:
    with tenant_context(tenant), clock.frozen(at("2026-11-01 00:00")):
        return close_period(closes_on=OCTOBER)


def kinds(tenant: Tenant, order: Order) -> list[str]:
    with tenant_context(tenant):
        found = Document.objects.filter(lines__order_number=order.number)
        return list(found.order_by("pk").values_list("kind", flat=True))


def test_billing_waits_for_a_cancellation_under_way(
    tenant: Tenant, orders: list[Order], closing: Closing
) -> None:
    with clock.frozen(ISSUE_TIME), tenant_context(tenant):
        cancel(order=orders[0])
        billing = Rival(tenant, ISSUE_TIME, lambda: issue_closing(closing=closing)).start()
        waited = billing.waits()
    billing.join()
    assert waited
    assert billing.error is None
    assert kinds(tenant, orders[0]) == []
    assert kinds(tenant, orders[1]) == [DocumentKind.INVOICE]


def test_a_cancellation_waits_for_the_billing_under_way(
    tenant: Tenant, orders: list[Order], closing: Closing
) -> None:
    with clock.frozen(ISSUE_TIME), tenant_context(tenant):
        issue_closing(closing=closing)
        cancelling = Rival(tenant, ISSUE_TIME, lambda: cancel(order=orders[0])).start()
        waited = cancelling.waits()
    cancelling.join()
    assert waited
    assert cancelling.error is None
    assert kinds(tenant, orders[0]) == [DocumentKind.INVOICE, DocumentKind.RETURN_INVOICE]


def test_all_at_once(tenant: Tenant, orders: list[Order]) -> None:
    def close_and_issue() -> None:
        issue_closing(closing=close_period(closes_on=OCTOBER))

    acts: list[Callable[..., object]] = [
        close_and_issue,
        *(lambda order=order: cancel(order=order) for order in orders),
    ]
    assert [each.error for each in side_by_side(tenant, ISSUE_TIME, acts)] == [None] * 6
    for order in orders:
        assert kinds(tenant, order) in ([], [DocumentKind.INVOICE, DocumentKind.RETURN_INVOICE])
    with tenant_context(tenant):
        assert set(OrderLine.objects.values_list("state", flat=True)) == {LineState.CANCELLED}
        assert set(CustomerBalance.objects.values_list("receivable", "deposit")) == {(0, 0)}
        assert verify() == []


def test_two_cancel_the_same_order(tenant: Tenant, orders: list[Order]) -> None:
    acts = [lambda: cancel(order=orders[0])] * 3
    done = side_by_side(tenant, ISSUE_TIME, acts)
    assert sum(each.error is None for each in done) == 1


def test_delivered_twice_at_once(tenant: Tenant) -> None:
    with tenant_context(tenant), clock.frozen(at("2026-10-30 10:00")):
        order = order_of()
    done = side_by_side(tenant, at("2026-10-30 11:00"), [lambda: deliver(order=order)] * 3)
    assert sum(each.error is None for each in done) == 1
