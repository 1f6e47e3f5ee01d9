"""Cancelled after it was billed (A17): a return invoice at once, and what becomes of the money."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Customer
from billing_project import clock
from cancellations.models import Cancellation
from cancellations.services import cancel
from invoices.models import Allocation, AllocationSource, Document, DocumentKind, OpenItem
from invoices.services.closing import close_period, issue_closing
from ledger.models import CustomerBalance
from ledger.verification import verify
from orders.models import Order, OrderState
from orders.services import create_product, deliver
from payments.services import receive_transfer
from tests.acts import at, letters
from tests.factories import make_customer
from tests.orders.factories import make_member, order_of

pytestmark = pytest.mark.usefixtures("in_tenant")


def billed_order(customer: Customer, *wanted: tuple[str, int]) -> Order:
    """Ordered 28 October, delivered on the 30th, on the invoice of 1 November."""
    with clock.frozen(at("2026-10-28 10:00")):
        order = order_of(customer, *wanted, member=make_member(customer))
    with clock.frozen(at("2026-10-30 15:30")):
        deliver(order=order)
    with clock.frozen(at("2026-11-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 10, 31)))
    return order


def cancel_on(moment: str, order: Order, line: int | None = None) -> Order:
    with clock.frozen(at(moment)):
        return cancel(order=order, line_position=line)


def returns() -> list[Document]:
    return list(Document.objects.filter(kind=DocumentKind.RETURN_INVOICE).order_by("serial"))


def balances(customer: Customer) -> tuple[int, int]:
    row = CustomerBalance.objects.get(customer=customer)
    return row.receivable, row.deposit


def test_not_paid_nothing_is_left_to_pay() -> None:
    customer = make_customer(contact="経理 太郎", email="keiri@example.com")
    order = billed_order(customer)
    assert balances(customer) == (33_000, 0)
    assert cancel_on("2026-11-05 23:59", order).state == OrderState.CANCELLED
    (document,) = returns()
    original = Document.objects.get(kind=DocumentKind.INVOICE)
    assert (document.total, document.tax_total, document.issued_on) == (-33_000, -3_000, date(2026, 11, 5))
    assert document.original_id == original.pk
    assert document.addressee_id == original.addressee_id
    assert document.due_on is None
    assert balances(customer) == (0, 0)
    assert OpenItem.objects.get(document=original).open_amount == 0
    assert verify() == []


def test_paid_the_surplus_is_deposit_and_pays_the_next_invoice() -> None:
    customer = make_customer(payer_name="ｶ)ｱｸﾒ")
    order = billed_order(customer)
    with clock.frozen(at("2026-11-02 10:00")):
        receive_transfer(amount=33_000, payer_name="ｶ)ｱｸﾒ", received_on=date(2026, 11, 2), reference="1")
    cancel_on("2026-11-05 23:59", order)
    assert balances(customer) == (0, 33_000)
    with clock.frozen(at("2026-11-10 10:00")):
        deliver(order=order_of(customer, ("DV-1Y", 2)))
    with clock.frozen(at("2026-12-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 11, 30)))
    next_invoice = Document.objects.filter(kind=DocumentKind.INVOICE).latest("serial")
    assert (next_invoice.total, next_invoice.deposit_applied, next_invoice.to_pay) == (66_000, 33_000, 33_000)
    assert balances(customer) == (33_000, 0)
    assert verify() == []


def test_paid_in_part() -> None:
    """33,000 of 66,000 paid, one of two cancelled: settled. Both cancelled: 33,000 become deposit."""
    customer = make_customer(payer_name="ｶ)ｱｸﾒ")
    order = billed_order(customer, ("DV-1Y", 2))
    with clock.frozen(at("2026-11-02 10:00")):
        receive_transfer(amount=33_000, payer_name="ｶ)ｱｸﾒ", received_on=date(2026, 11, 2), reference="1")
    cancel_on("2026-11-03 10:00", order, 1)
    assert balances(customer) == (0, 0)
    cancel_on("2026-11-03 10:00", order, 2)
    assert balances(customer) == (0, 33_000)
    assert [document.total for document in returns()] == [-33_000, -33_000]
    assert sum(row.amount for row in Allocation.objects.filter(source=AllocationSource.RETURN)) == 33_000
    assert verify() == []


def test_the_last_return_takes_the_tax_that_remains() -> None:
    """105 three times: 31 of tax on the invoice; line by line 10 and 10 go back, then 11 (X9)."""
    create_product(sku="SMALL", name="小物", unit_price=105)
    customer = make_customer()
    order = billed_order(customer, ("SMALL", 3))
    for line in (2, 1, 3):
        cancel_on("2026-11-03 10:00", order, line)
    assert [(document.net_total, document.tax_total) for document in returns()] == [
        (-105, -10),
        (-105, -10),
        (-105, -11),
    ]
    assert balances(customer) == (0, 0)
    assert verify() == []


def test_lines_on_two_invoices_are_returned_on_two_documents() -> None:
    customer = make_customer()
    with clock.frozen(at("2026-10-28 10:00")):
        order = order_of(customer, ("DV-1Y", 3))
    with clock.frozen(at("2026-10-31 10:00")):
        deliver(order=order, line_position=1)
    with clock.frozen(at("2026-11-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 10, 31)))
    with clock.frozen(at("2026-11-06 10:00")):
        deliver(order=order, line_position=2)
        assert cancel(order=order).state == OrderState.CANCELLED
    assert [document.total for document in returns()] == [-33_000]
    assert Cancellation.objects.filter(reversal__isnull=False).count() == 2
    with clock.frozen(at("2026-12-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 11, 30)))
    assert Document.objects.count() == 2
    assert balances(customer) == (0, 0)


def test_contact_and_member_are_told() -> None:
    customer = make_customer(email="keiri@example.com")
    order = billed_order(customer)
    cancel_on("2026-11-05 10:00", order)
    (to_member,) = letters("order_cancelled")
    assert to_member.recipient == order.member.user.email
    assert "返還請求書" in to_member.text
    assert "返還請求書" in to_member.html
    to_contact = letters("document_issued")[-1]
    assert to_contact.recipient == "keiri@example.com"
    assert "返還請求書発行のお知らせ" in to_contact.subject
