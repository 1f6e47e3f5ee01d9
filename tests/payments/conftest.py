"""Shops and debtors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from invoices.services.closing import close_period, issue_closing
from orders.services import deliver
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import make_shop, order_of
from tests.payments.books import NOON
from tests.payments.payouts import pay_in


@pytest.fixture
def tenant() -> Tenant:
    """A certificate shop that is a registered issuer."""
    return make_shop()


@pytest.fixture
def december(tenant: Tenant) -> Iterator[None]:
    with tenant_context(tenant), clock.frozen(NOON):
        yield


@pytest.fixture
def acme(december: None) -> Customer:
    """Owes 33,000 (due 30 November) and 66,000 (due 4 January)."""
    customer = make_customer(payer_name="ｶ)ｱｸﾒ")
    for day, count, closes_on in (
        ("2026-10-05", 1, date(2026, 10, 31)),
        ("2026-11-05", 2, date(2026, 11, 30)),
    ):
        with clock.frozen(at(f"{day} 10:00")):
            deliver(order=order_of(customer, ("DV-1Y", count)))
        issue_closing(closing=close_period(closes_on=closes_on))
    return customer


@pytest.fixture
def rich(december: None) -> Customer:
    """Has 100,000 yen of deposit, from ｶ)ｱｸﾒ."""
    customer = make_customer()
    pay_in(customer, 100_000)
    return customer
