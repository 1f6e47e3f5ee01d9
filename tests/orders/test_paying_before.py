"""Orders paid by deposit or in advance: what is claimed, what pays, what comes back (A6, A15, A20)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from accounts.models import Customer, Tenant
from accounts.services import add_operator, set_policy
from billing_project import clock
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Document, DocumentKind, OpenItem
from ledger.models import CustomerBalance
from ledger.verification import verify
from orders.models import LineState, OrderState
from orders.services import create_product, deliver, expire_orders
from payments.models import Payment
from payments.services import receive_transfer, undo_match
from tests.acts import at, letters, refused
from tests.factories import make_customer, make_user
from tests.orders.factories import order_of

NOON = at("2026-11-05 12:00")
pytestmark = pytest.mark.usefixtures("in_shop")


@pytest.fixture
def in_shop(tenant: Tenant) -> Iterator[None]:
    with clock.frozen(NOON), tenant_context(tenant):
        yield
        assert verify() == []


def pay(customer: Customer, amount: int) -> None:
    serial = CustomerBalance.objects.count() + Document.objects.count() + len(letters())
    reference = f"{customer.pk}-{amount}-{serial}"
    today = clock.today("Asia/Tokyo")
    receive_transfer(
        amount=amount, payer_name="ｶ)ｱｸﾒ", received_on=today, reference=reference, customer=customer
    )


def standing(customer: Customer) -> tuple[int, int, int]:
    """Receivable, deposit and reserved, in yen."""
    found = CustomerBalance.objects.get(customer=customer)
    return found.receivable, found.deposit, found.reserved


def depositor(amount: int = 33_000) -> Customer:
    customer = make_customer(pays="deposit")
    pay(customer, amount)
    return customer


def test_an_order_by_deposit_reserves_its_total() -> None:
    customer = depositor(50_000)
    order_of(customer)
    assert standing(customer) == (0, 50_000, 33_000)
    with refused(Code.INSUFFICIENT_DEPOSIT):
        order_of(customer)


def test_a_delivery_by_deposit_is_paid_and_documented_at_once() -> None:
    customer = depositor(50_000)
    deliver(order=order_of(customer))
    note = Document.objects.get()
    assert (note.kind, note.total, note.deposit_applied, note.paid_at_issue, note.to_pay) == (
        DocumentKind.DELIVERY_NOTE,
        33_000,
        33_000,
        0,
        0,
    )
    assert note.issued_on == date(2026, 11, 5)
    assert standing(customer) == (0, 17_000, 0)
    assert "納品書発行のお知らせ" in letters("document_issued")[0].subject


def test_parts_are_paid_and_what_rounding_leaves_is_free_again() -> None:
    """Two of 1,235 yen come to 2,717; each alone to 1,358: a yen is left."""
    create_product(sku="ODD", name="端数", unit_price=1_235)
    customer = depositor(2_717)
    order = order_of(customer, ("ODD", 2))
    deliver(order=order, line_position=1)
    assert standing(customer) == (0, 1_359, 1_358)
    deliver(order=order)
    assert standing(customer) == (0, 1, 0)


def test_rounded_up_the_parts_are_reserved_for() -> None:
    set_policy(changes={"tax_rounding": "ceil"}, valid_from=date(2026, 11, 5))
    create_product(sku="ODD", name="端数", unit_price=1_235)
    customer = depositor(2_718)
    order = order_of(customer, ("ODD", 2))
    assert standing(customer) == (0, 2_718, 2_718)
    deliver(order=order, line_position=1)
    deliver(order=order, line_position=2)
    assert standing(customer) == (0, 0, 0)


def test_cancelled_before_the_delivery_the_deposit_is_free_again() -> None:
    customer = depositor(66_000)
    order = order_of(customer, ("DV-1Y", 2))
    cancel(order=order, line_position=1)
    assert standing(customer) == (0, 66_000, 33_000)
    cancel(order=order)
    assert standing(customer) == (0, 66_000, 0)
    assert not Document.objects.exists()


def test_cancelled_after_the_delivery_the_sum_is_deposit_for_the_next_order() -> None:
    customer = depositor()
    cancel(order=deliver(order=order_of(customer)))
    returned = Document.objects.get(kind=DocumentKind.RETURN_INVOICE)
    assert returned.total == -33_000
    assert standing(customer) == (0, 33_000, 0)
    order_of(customer)
    assert standing(customer) == (0, 33_000, 33_000)


def test_what_ends_by_itself_gives_back_its_deposit() -> None:
    customer = depositor()
    order = order_of(customer)
    with clock.frozen(at("2026-12-05 00:00")):
        expire_orders(date(2026, 12, 5))
    order.refresh_from_db()
    assert order.state == OrderState.EXPIRED
    assert standing(customer) == (0, 33_000, 0)
    assert "33,000円はデポジット" in letters("order_expired")[0].text


def test_in_advance_a_delivery_waits_for_its_money() -> None:
    customer = make_customer(pays="advance_transfer")
    order = order_of(customer)
    with refused(Code.NOT_PAID):
        deliver(order=order)
    pay(customer, 33_000)
    assert standing(customer) == (0, 33_000, 33_000)
    deliver(order=order)
    note = Document.objects.get()
    assert (note.total, note.deposit_applied, note.paid_at_issue, note.to_pay) == (33_000, 0, 33_000, 0)
    assert standing(customer) == (0, 0, 0)


def test_an_operator_is_not_told_in_the_customers_language() -> None:
    add_operator(user=make_user())
    customer = make_customer(pays="advance_transfer")
    Customer.objects.filter(pk=customer.pk).update(language="en")
    order_of(customer)
    pay(customer, 32_560)
    [to_contact], [to_operator] = letters("advance_short"), letters("advance_short_told")
    assert "440円" in to_operator.text
    assert "440円" not in to_contact.text


def test_short_in_advance_all_are_told_and_the_rest_still_comes() -> None:
    add_operator(user=make_user("op@alpha.example"))
    customer = make_customer(pays="advance_transfer", email="keiri@example.com")
    order = order_of(customer)
    pay(customer, 32_560)
    assert [letter.recipient for letter in letters("advance_short")] == ["keiri@example.com"]
    assert [letter.recipient for letter in letters("advance_short_told")] == ["op@alpha.example"]
    assert "440円" in letters("advance_short")[0].text
    with refused(Code.NOT_PAID):
        deliver(order=order)
    pay(customer, 500)
    assert standing(customer) == (0, 33_060, 33_000)
    deliver(order=order)
    assert standing(customer) == (0, 60, 0)


def test_money_goes_to_the_oldest_order_first() -> None:
    customer = make_customer(pays="advance_transfer")
    first, second = order_of(customer), order_of(customer)
    pay(customer, 40_000)
    with refused(Code.NOT_PAID):
        deliver(order=second)
    deliver(order=first)
    assert standing(customer) == (0, 7_000, 7_000)


def test_an_operator_may_deliver_what_is_not_paid_with_a_reason() -> None:
    customer = make_customer(pays="advance_transfer")
    order = order_of(customer)
    pay(customer, 10_000)
    deliver(order=order, reason="お急ぎのため")
    note = Document.objects.get()
    assert (note.paid_at_issue, note.to_pay, note.due_on) == (10_000, 23_000, date(2026, 11, 30))
    assert OpenItem.objects.get().open_amount == 23_000
    assert standing(customer) == (23_000, 0, 0)
    pay(customer, 23_000)
    assert standing(customer) == (0, 0, 0)


def test_a_wrong_match_is_undone_though_an_order_has_taken_its_money() -> None:
    customer = make_customer(pays="advance_transfer")
    first, second = order_of(customer), order_of(customer)
    pay(customer, 40_000)
    deliver(order=first)
    pay(customer, 20_000)
    assert standing(customer) == (0, 27_000, 27_000)
    undo_match(payment=Payment.objects.get(amount=20_000))
    assert standing(customer) == (0, 7_000, 7_000)
    with refused(Code.NOT_PAID):
        deliver(order=second)
    with refused(Code.INSUFFICIENT_DEPOSIT):
        undo_match(payment=Payment.objects.get(amount=40_000))


def test_the_credit_limit_is_for_those_who_pay_later() -> None:
    customer = make_customer(pays="advance_transfer", credit_limit=0)
    assert order_of(customer).state == OrderState.OPEN


def test_a_line_that_was_not_paid_stays_open() -> None:
    customer = make_customer(pays="advance_transfer")
    order = order_of(customer, ("DV-1Y", 2))
    pay(customer, 33_000)
    deliver(order=order, line_position=2)
    with refused(Code.NOT_PAID):
        deliver(order=order)
    assert order.lines.filter(state=LineState.OPEN).count() == 1
