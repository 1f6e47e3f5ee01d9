"""What the tests of this room share: a registered shop, its customers, charges, and a look at documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Customer, Issuer, Tenant
from accounts.services import addressee_of
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from invoices.models import Charge, Closing, Document, DocumentTax
from invoices.services.charges import record_charge
from invoices.services.closing import close_period, issue_closing
from ledger.verification import verify
from tests.factories import make_tenant

TOKYO = ZoneInfo("Asia/Tokyo")
SEPTEMBER_30, OCTOBER_31, NOVEMBER_30 = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)


def moment(text: str) -> datetime:
    """`2026-11-01 07:00` on the clocks of Tokyo."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@contextmanager
def at(tenant: Tenant, text: str) -> Iterator[None]:
    """A transaction in the tenant at that moment, committed at the end."""
    with clock.frozen(moment(text)), tenant_context(tenant):
        yield


def make_shop(*, charges_tax: bool = True, **options: Any) -> Tenant:
    with clock.frozen(moment("2026-01-01 00:00")):
        tenant = make_tenant(**options)
    with tenant_context(tenant):
        Issuer.objects.update(
            registration_number="T1234567890123" if charges_tax else "", charges_tax=charges_tax
        )
    return tenant


def charge(customer: Customer, day: date, price: int, *, tax: str = "standard", **fields: Any) -> Charge:
    usual = {
        "addressee": fields.get("addressee") or addressee_of(customer),
        "payment_method": customer.payment_method,
        "order_number": "O-1",
        "billable_from": day,
        "description": "ドメイン認証SSL 1年",
        "quantity": 1,
        "unit": "枚",
        "tax_inclusive": False,
    }
    return record_charge(
        customer=customer, transaction_date=day, unit_price=price, tax_category=tax, **{**usual, **fields}
    )


def close_and_issue(closes_on: date = OCTOBER_31) -> Closing:
    return issue_closing(closing=close_period(closes_on=closes_on))


def documents(closing: Closing) -> list[Document]:
    return list(Document.objects.filter(closing=closing).order_by("serial"))


def taxes(document: Document) -> dict[str, tuple[int, int]]:
    """Net and tax by category."""
    return {t.tax_category: (t.net, t.tax) for t in DocumentTax.objects.filter(document=document)}


def assert_books_are_right(tenant: Tenant) -> None:
    with tenant_context(tenant):
        assert [str(found) for found in verify()] == []
