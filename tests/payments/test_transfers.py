"""Transfers: what they pay, what is left over, and that each is booked once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import Sum

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from invoices.models import Allocation, Document, OpenItem
from invoices.services.closing import close_period, issue_closing
from ledger.models import Account, CustomerBalance, Entry, Line
from ledger.verification import verify
from orders.services import deliver
from payments.models import Payment, PaymentState
from payments.selectors import payments, unmatched_transfers
from payments.services import receive_transfer
from tests.acts import at, refused
from tests.factories import make_customer
from tests.orders.factories import order_of
from tests.rivals import side_by_side

TODAY = date(2026, 12, 10)
NOON = at("2026-12-10 12:00")


def transfer(amount: int, reference: str = "1", **fields: Any) -> Payment:
    return receive_transfer(
        **{
            "amount": amount,
            "payer_name": "ｶ)ｱｸﾒ",
            "received_on": TODAY,
            "reference": reference,
            **fields,
        }
    )


def open_sums() -> list[int]:
    return list(OpenItem.objects.order_by("due_on").values_list("open_amount", flat=True))


def balance(customer: Customer) -> tuple[int, int]:
    row = CustomerBalance.objects.get(customer=customer)
    return row.receivable, row.deposit


def account(name: str) -> int:
    return Line.objects.filter(account=name).aggregate(total=Sum("amount"))["total"] or 0


def test_owed_before(acme: Customer) -> None:
    assert open_sums() == [33_000, 66_000]
    assert list(OpenItem.objects.order_by("due_on").values_list("due_on", flat=True)) == [
        date(2026, 11, 30),
        date(2027, 1, 4),
    ]
    assert balance(acme) == (99_000, 0)


@pytest.mark.parametrize(
    ("amount", "left", "standing"),
    [
        (33_000, [0, 66_000], (66_000, 0)),
        (32_560, [440, 66_000], (66_440, 0)),
        (50_000, [0, 49_000], (49_000, 0)),
        (99_000, [0, 0], (0, 0)),
        (100_000, [0, 0], (0, 1_000)),
    ],
)
def test_the_oldest_due_is_paid_first(
    acme: Customer, amount: int, left: list[int], standing: tuple[int, int]
) -> None:
    payment = transfer(amount)
    assert payment.state == PaymentState.SUCCEEDED
    assert payment.customer_id == acme.pk
    assert open_sums() == left
    assert balance(acme) == standing
    assert account(Account.BANK) == amount
    assert verify() == []


def test_nothing_owed_all_is_deposit(december: None) -> None:
    customer = make_customer(payer_name="ｶ)ｱｸﾒ")
    transfer(5_000)
    assert balance(customer) == (0, 5_000)
    assert not Allocation.objects.exists()


def test_a_payer_nobody_knows_waits_in_suspense(acme: Customer) -> None:
    payment = transfer(33_000, payer_name="ﾕ)ｼﾗﾅｲ")
    assert payment.state == PaymentState.UNMATCHED
    assert payment.customer_id is None
    assert list(unmatched_transfers()) == [payment]
    assert (account(Account.BANK), account(Account.SUSPENSE)) == (33_000, -33_000)
    assert open_sums() == [33_000, 66_000]
    assert verify() == []


def test_a_customer_told_by_hand(acme: Customer) -> None:
    assert transfer(33_000, payer_name="ﾕ)ｼﾗﾅｲ", customer=acme).state == PaymentState.SUCCEEDED
    assert open_sums() == [0, 66_000]


def test_booked_on_the_day_it_arrived(acme: Customer) -> None:
    transfer(33_000, received_on=date(2026, 12, 7))
    assert Entry.objects.get(reason="payment").booked_on == date(2026, 12, 7)


def test_the_same_reference_books_nothing_twice(acme: Customer) -> None:
    first = transfer(33_000)
    again = transfer(33_000, payer_name="カ）アクメ")
    assert again.pk == first.pk
    assert Payment.objects.count() == 1
    assert open_sums() == [0, 66_000]
    assert AuditEntry.objects.filter(action="transfer_received").count() == 1


def test_the_same_reference_with_other_content_is_refused(acme: Customer) -> None:
    transfer(33_000)
    changes: list[dict[str, Any]] = [
        {"amount": 33_001},
        {"payer_name": "ﾕ)ｼﾗﾅｲ"},
        {"received_on": date(2026, 12, 9)},
    ]
    for change in changes:
        with refused(Code.INVALID_INPUT):
            transfer(**{"amount": 33_000, **change})
    assert account(Account.BANK) == 33_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 0}, Code.INVALID_AMOUNT),
        ({"amount": -1}, Code.INVALID_AMOUNT),
        ({"amount": 10**12}, Code.INVALID_AMOUNT),
        ({"received_on": date(2026, 12, 11)}, Code.INVALID_DATE),
        ({"payer_name": "　"}, Code.INVALID_INPUT),
        ({"payer_name": "ｱ" * 101}, Code.INVALID_INPUT),
        ({"payer_name": "ｱ\0"}, Code.INVALID_INPUT),
        ({"reference": ""}, Code.INVALID_INPUT),
        ({"reference": "1" * 121}, Code.INVALID_INPUT),
    ],
)
def test_transfers_that_cannot_be(december: None, change: dict[str, Any], code: Code) -> None:
    with refused(code):
        transfer(**{"amount": 33_000, **change})
    assert not Payment.objects.exists()
    assert not Entry.objects.exists()


def test_searching(acme: Customer) -> None:
    transfer(33_000, "A-1")
    transfer(500, "A-2", payer_name="ﾕ)ｼﾗﾅｲ")
    assert [payment.reference for payment in payments(search="シラナイ")] == ["A-2"]
    assert [payment.reference for payment in payments(search="a-1")] == ["A-1"]
    assert [payment.reference for payment in payments(customer=acme)] == ["A-1"]
    assert payments().count() == 2


def test_read_by_four_at_once_and_booked_once(tenant: Tenant) -> None:
    with tenant_context(tenant):
        customer = make_customer(payer_name="ｶ)ｱｸﾒ")
    done = side_by_side(tenant, NOON, [lambda: transfer(5_000).pk] * 4)
    assert [each.error for each in done] == [None] * 4
    with tenant_context(tenant):
        assert balance(customer) == (0, 5_000)
        assert verify() == []


def test_four_transfers_at_once_pay_together(tenant: Tenant) -> None:
    """Three of 33,000 pay the 99,000; of the fourth everything is deposit."""
    with tenant_context(tenant), clock.frozen(NOON):
        customer = make_customer(payer_name="ｶ)ｱｸﾒ")
        with clock.frozen(at("2026-11-05 10:00")):
            deliver(order=order_of(customer, ("DV-1Y", 3)))
        issue_closing(closing=close_period(closes_on=date(2026, 11, 30)))
        assert Document.objects.get().total == 99_000
    acts = [lambda reference=reference: transfer(33_000, reference) for reference in "1234"]
    assert [each.error for each in side_by_side(tenant, NOON, acts)] == [None] * 4
    with tenant_context(tenant):
        assert balance(customer) == (0, 33_000)
        assert open_sums() == [0]
        assert verify() == []
