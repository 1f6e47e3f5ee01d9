"""The credit limit (S6): what counts, and that two orders at once cannot share the same room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest

from accounts.models import Customer, Tenant
from accounts.policy import PRESETS
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from ledger.models import Account, Reason
from ledger.services import Posting, post
from orders.models import Order
from orders.selectors import credit_used
from orders.services import create_product, deliver
from tests.acts import at, refused
from tests.factories import make_customer
from tests.orders.factories import order_of
from tests.rivals import Rival, side_by_side

NOON = at("2026-11-05 12:00")


@pytest.fixture
def in_shop(tenant: Tenant) -> Iterator[None]:
    with clock.frozen(NOON), tenant_context(tenant):
        yield


def used(customer: Customer) -> int:
    return credit_used(customer, PRESETS["certificate-shop"], date(2026, 11, 5))


@pytest.mark.usefixtures("in_shop")
def test_what_counts() -> None:
    customer = make_customer(credit_limit=None)
    assert used(customer) == 0
    post(
        booked_on=date(2026, 11, 1),
        reason=Reason.DOCUMENT,
        source_id=1,
        postings=[Posting(Account.RECEIVABLE, 11_000, customer.pk), Posting(Account.SALES, -11_000)],
    )
    assert used(customer) == 11_000
    first = order_of(customer, ("DV-1Y", 2))
    assert used(customer) == 11_000 + 66_000
    deliver(order=first, line_position=1)
    assert used(customer) == 11_000 + 33_000 + 33_000
    cancel(order=first, line_position=1)
    assert used(customer) == 11_000 + 33_000
    cancel(order=first)
    assert used(customer) == 11_000


@pytest.mark.usefixtures("in_shop")
def test_tax_is_rounded_as_on_one_document() -> None:
    create_product(sku="SMALL", name="小物", unit_price=105)
    customer = make_customer()
    order = order_of(customer, ("SMALL", 3))
    assert used(customer) == 346  # 315 and 31 of tax; 105 three times would be 345
    deliver(order=order)
    assert used(customer) == 346


@pytest.mark.usefixtures("in_shop")
def test_others_do_not_count() -> None:
    order_of(make_customer(), ("DV-1Y", 3))
    assert used(make_customer()) == 0


@pytest.mark.usefixtures("in_shop")
def test_the_limit_may_be_reached_with_tax_but_not_by_a_yen_more() -> None:
    order_of(make_customer(credit_limit=66_000), ("DV-1Y", 2))
    with refused(Code.CREDIT_LIMIT_EXCEEDED):
        order_of(make_customer(credit_limit=65_999), ("DV-1Y", 2))


@pytest.mark.usefixtures("in_shop")
def test_by_default_a_million() -> None:
    customer = make_customer()
    assert customer.credit_limit == 1_000_000
    order_of(customer, ("DV-1Y", 30))  # 990,000
    with refused(Code.CREDIT_LIMIT_EXCEEDED):
        order_of(customer, ("DV-1Y", 1))


def test_the_second_of_two_orders_waits_and_is_refused(tenant: Tenant) -> None:
    with tenant_context(tenant):
        customer = make_customer(credit_limit=40_000)
    with clock.frozen(NOON), tenant_context(tenant):
        order_of(customer)  # 33,000, not committed yet
        second = Rival(tenant, NOON, lambda: order_of(customer)).start()
        waited = second.waits()
    second.join()
    assert waited
    assert isinstance(second.error, Refusal)
    assert second.error.code == Code.CREDIT_LIMIT_EXCEEDED
    with tenant_context(tenant):
        assert Order.objects.count() == 1


def test_eight_orders_at_once_fill_the_limit_and_no_more(tenant: Tenant) -> None:
    with tenant_context(tenant):
        customer = make_customer(credit_limit=100_000)  # three times 33,000
    done = side_by_side(tenant, NOON, [lambda: order_of(customer)] * 8)
    assert sum(each.error is None for each in done) == 3
    with tenant_context(tenant):
        assert used(customer) == 99_000


def test_delivered_while_another_order_is_judged(tenant: Tenant) -> None:
    """A line on its way from undelivered to unbilled must not be missed in between."""
    with clock.frozen(NOON), tenant_context(tenant):
        customer = make_customer(credit_limit=40_000)
        first = order_of(customer)
    with clock.frozen(NOON), tenant_context(tenant):
        deliver(order=first)
        second = Rival(tenant, NOON, lambda: order_of(customer)).start()
        waited = second.waits()
    second.join()
    assert waited
    assert isinstance(second.error, Refusal)


def test_a_form_sent_twice_at_once_is_one_order(tenant: Tenant) -> None:
    with tenant_context(tenant):
        customer = make_customer()
    submission = uuid4()
    done = side_by_side(tenant, NOON, [lambda: order_of(customer, submission=submission).pk] * 4)
    assert [each.error for each in done] == [None] * 4
    assert len({each.result for each in done}) == 1
    with tenant_context(tenant):
        assert Order.objects.count() == 1


def test_numbers_given_at_once_are_all_different(tenant: Tenant) -> None:
    with tenant_context(tenant):
        customers = [make_customer() for _ in range(6)]
    acts = [lambda customer=customer: order_of(customer).number for customer in customers]
    done = side_by_side(tenant, NOON, acts)
    assert sorted(str(each.result) for each in done) == [f"O-2026-{n:06}" for n in range(1, 7)]
