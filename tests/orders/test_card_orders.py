"""Orders by card: charged at delivery or when ordered, refused, confirmed, cancelled (A3, A4, A5, A14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Customer, Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Document, DocumentKind
from ledger.models import CustomerBalance
from ledger.verification import verify
from orders.models import LineState, Order, OrderState, PendingDelivery, PendingState
from orders.services import create_product, deliver, expire_orders
from payments.models import Card, CardPayment, CardPaymentState, CardRefund, CardRefundState
from payments.services.cards import collect, refresh, remove_card
from payments.services.cards.sweeping import talk
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.orders.factories import make_member, order_of
from tests.payments.cards import provider, saved

NOON = at("2026-11-05 12:00")
CREDIT, DEBIT = {"funding": "credit"}, {"funding": "debit"}
pytestmark = pytest.mark.usefixtures("in_shop")


@pytest.fixture
def in_shop(tenant: Tenant) -> Iterator[None]:
    with clock.frozen(NOON), tenant_context(tenant):
        yield
        assert verify() == []


def order_by(card: Card, *wanted: tuple[str, int], **fields: Any) -> Order:
    return order_of(card.customer, *wanted, card=card, **fields)


def buyer() -> Customer:
    return make_customer(pays="card", email="keiri@example.com")


def standing(customer: Customer) -> tuple[int, int, int]:
    found = CustomerBalance.objects.get(customer=customer)
    return found.receivable, found.deposit, found.reserved


def states() -> list[str]:
    return list(CardPayment.objects.order_by("pk").values_list("state", flat=True))


def lines(order: Order) -> list[str]:
    return list(order.lines.order_by("position").values_list("state", flat=True))


def refunds() -> list[tuple[int, str]]:
    return list(CardRefund.objects.order_by("pk").values_list("amount", "state"))


def test_a_card_order_needs_a_card_of_the_customer() -> None:
    customer = buyer()
    with refused(Code.INVALID_INPUT):
        order_of(customer)
    with refused(Code.INVALID_INPUT):
        order_of(customer, card=saved(buyer()))
    with refused(Code.INVALID_INPUT):
        order_of(make_customer(), card=saved(customer), payment_method="later_transfer")


def test_a_credit_card_is_charged_at_delivery_once() -> None:
    card = saved(buyer(), **CREDIT)
    order = order_by(card)
    assert states() == []
    assert deliver(order=order).state == OrderState.DELIVERED
    payment, note = CardPayment.objects.get(), Document.objects.get()
    assert (payment.amount, payment.order_number, payment.state) == (33_000, order.number, "succeeded")
    assert (note.kind, note.total, note.paid_at_issue, note.to_pay) == (
        DocumentKind.DELIVERY_NOTE,
        33_000,
        33_000,
        0,
    )
    assert standing(card.customer) == (0, 0, 0)
    with refused(Code.ALREADY_DELIVERED):
        deliver(order=order)
    collect(payment)
    assert len(provider().charges) >= 1
    assert CardPayment.objects.count() == 1


def test_each_line_is_charged_when_it_is_delivered() -> None:
    card = saved(buyer(), **CREDIT)
    order = order_by(card, ("DV-1Y", 2))
    deliver(order=order, line_position=2)
    assert lines(order) == [LineState.OPEN, LineState.DELIVERED]
    deliver(order=order)
    assert list(CardPayment.objects.values_list("amount", flat=True)) == [33_000, 33_000]


def test_a_debit_card_is_charged_when_ordered_and_pays_the_delivery() -> None:
    card = saved(buyer(), **DEBIT)
    order = order_by(card, member=make_member(card.customer))
    assert states() == [CardPaymentState.SUCCEEDED]
    assert standing(card.customer) == (0, 33_000, 33_000)
    assert len(letters("order_accepted")) == 1
    deliver(order=order)
    note = Document.objects.get()
    assert (note.deposit_applied, note.paid_at_issue, note.to_pay) == (0, 33_000, 0)
    assert standing(card.customer) == (0, 0, 0)
    assert CardPayment.objects.count() == 1


def test_a_refused_debit_card_leaves_no_order() -> None:
    card = saved(buyer(), **DEBIT, declined_from=1)
    with refused(Code.CARD_DECLINED):
        order_by(card, member=make_member(card.customer))
    order = Order.objects.get()
    assert order.state == OrderState.CANCELLED
    assert standing(card.customer) == (0, 0, 0)
    assert letters("order_accepted") == []


def test_the_same_form_again_is_not_charged_again() -> None:
    card, submission = saved(buyer(), **DEBIT), uuid4()
    first = order_by(card, submission=submission)
    assert order_by(card, submission=submission).pk == first.pk
    assert CardPayment.objects.count() == 1


def test_an_order_is_not_delivered_before_its_debit_card_is_charged(tenant: Tenant) -> None:
    card = saved(buyer(), **DEBIT)
    provider().lose["charge"] = 1
    order = order_by(card)
    assert states() == [CardPaymentState.INTENDED]
    with refused(Code.NOT_PAID):
        deliver(order=order)
    with clock.frozen(at("2026-11-05 12:05")):
        talk(tenant.pk)
    deliver(order=order)
    assert CardPayment.objects.count() == 1


def test_a_credit_card_refused_at_delivery_leaves_the_order_open() -> None:
    card = saved(buyer(), **CREDIT, declined_from=1)
    order = order_by(card, member=make_member(card.customer))
    with refused(Code.CARD_DECLINED):
        deliver(order=order)
    order.refresh_from_db()
    assert order.state == OrderState.OPEN
    assert PendingDelivery.objects.get().state == PendingState.DECLINED
    assert not Document.objects.exists()
    [letter] = letters("card_refused")
    assert f"/orders/{order.public_id}/card/" in letter.text
    assert order.last_delivery_on == date(2026, 12, 4)
    with refused(Code.CARD_DECLINED):
        deliver(order=order)


def test_a_delivery_waits_for_the_card_holder_and_then_happens() -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    order = order_by(card)
    assert deliver(order=order).state == OrderState.OPEN
    assert states() == [CardPaymentState.NEEDS_CUSTOMER]
    [letter] = letters("card_to_confirm")
    payment = CardPayment.objects.get()
    assert payment.confirm_url in letter.text
    assert deliver(order=order).state == OrderState.OPEN
    assert PendingDelivery.objects.count() == 1
    provider().answer_holder(payment.gateway_id)
    with clock.frozen(at("2026-11-07 09:00")):
        refresh(payment)
        refresh(payment)
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED
    assert order.lines.get().delivered_on == date(2026, 11, 7)
    assert Document.objects.get().issued_on == date(2026, 11, 7)


def test_while_one_delivery_waits_no_other_begins() -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    order = order_by(card, ("DV-1Y", 2))
    deliver(order=order, line_position=1)
    with refused(Code.NOT_PAID):
        deliver(order=order, line_position=2)


def test_a_holder_who_does_not_confirm_leaves_the_order_open() -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    order = order_by(card)
    deliver(order=order)
    payment = CardPayment.objects.get()
    provider().answer_holder(payment.gateway_id, agrees=False)
    refresh(payment)
    order.refresh_from_db()
    assert order.state == OrderState.OPEN
    assert len(letters("card_refused")) == 1


def test_cancelled_while_it_waits_nothing_is_charged(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    order = order_by(card)
    deliver(order=order)
    cancel(order=order)
    talk(tenant.pk)
    assert states() == [CardPaymentState.RELEASED]
    assert PendingDelivery.objects.get().state == PendingState.WITHDRAWN
    assert not Document.objects.exists()


def test_charged_all_the_same_it_goes_back(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    order = order_by(card)
    deliver(order=order)
    provider().answer_holder(CardPayment.objects.get().gateway_id)
    cancel(order=order)
    talk(tenant.pk)
    talk(tenant.pk)
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert standing(card.customer) == (0, 0, 0)
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED


def test_cancelled_before_the_delivery_a_saved_card_is_not_charged() -> None:
    card = saved(buyer(), **CREDIT)
    cancel(order=order_by(card))
    assert states() == []
    assert not Document.objects.exists()


def test_cancelled_before_the_delivery_a_debit_card_gets_its_money_back(tenant: Tenant) -> None:
    card = saved(buyer(), **DEBIT)
    order = order_by(card, ("DV-1Y", 2), member=make_member(card.customer))
    cancel(order=order, line_position=1)
    assert standing(card.customer) == (0, 66_000, 66_000)
    talk(tenant.pk)
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert standing(card.customer) == (0, 33_000, 33_000)
    assert "銀行により" in letters("order_cancelled")[0].text
    cancel(order=order)
    talk(tenant.pk)
    assert standing(card.customer) == (0, 0, 0)
    assert not Document.objects.exists()


def test_cancelled_after_the_delivery_the_charge_goes_back_with_a_return_invoice(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT)
    order = order_by(card, ("DV-1Y", 2), member=make_member(card.customer))
    deliver(order=order)
    cancel(order=order, line_position=1)
    talk(tenant.pk)
    assert Document.objects.get(kind=DocumentKind.RETURN_INVOICE).total == -33_000
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert standing(card.customer) == (0, 0, 0)
    assert "翌月のカードご利用明細" in letters("order_cancelled")[0].text


def test_the_refund_goes_to_the_card_that_paid_the_line(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT)
    order = order_by(card, ("DV-1Y", 1), ("WC-1Y", 1))
    deliver(order=order, line_position=1)
    deliver(order=order, line_position=2)
    cancel(order=order, line_position=1)
    assert CardRefund.objects.get().payment.amount == 33_000


def test_a_policy_may_keep_the_money_as_deposit() -> None:
    set_policy(changes={"refund_to": "deposit"}, valid_from=date(2026, 11, 5))
    card = saved(buyer(), **CREDIT)
    cancel(order=deliver(order=order_by(card)))
    assert refunds() == []
    assert standing(card.customer) == (0, 33_000, 0)


def test_what_ends_by_itself_gives_back_debit_and_releases_what_waits(tenant: Tenant) -> None:
    debit, credit = saved(buyer(), **DEBIT), saved(buyer(), **CREDIT, confirms_from=1)
    paid, waiting = order_by(debit), order_by(credit)
    deliver(order=waiting)
    with clock.frozen(at("2026-12-05 00:00")):
        expire_orders(date(2026, 12, 5))
        talk(tenant.pk)
    assert {order.state for order in Order.objects.all()} == {OrderState.EXPIRED}
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert states() == [CardPaymentState.SUCCEEDED, CardPaymentState.RELEASED]
    assert standing(paid.customer) == (0, 0, 0)


def test_confirmed_after_the_last_day_it_goes_back_before_the_job_has_run(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    deliver(order=order_by(card))
    payment = CardPayment.objects.get()
    provider().answer_holder(payment.gateway_id)
    with clock.frozen(at("2026-12-05 00:00")):
        refresh(payment)
        talk(tenant.pk)
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert not Document.objects.exists()


def test_parts_of_a_debit_order_leave_the_lost_yen_to_the_card(tenant: Tenant) -> None:
    """Two of 1,235 yen are charged as 2,717; delivered one by one they come to 2 × 1,358."""
    create_product(sku="ODD", name="端数", unit_price=1_235)
    card = saved(buyer(), **DEBIT)
    order = order_by(card, ("ODD", 2))
    deliver(order=order, line_position=1)
    deliver(order=order, line_position=2)
    talk(tenant.pk)
    assert refunds() == [(1, CardRefundState.SUCCEEDED)]
    assert standing(card.customer) == (0, 0, 0)


def test_a_removed_card_is_refused_at_delivery() -> None:
    card = saved(buyer(), **CREDIT)
    order = order_by(card)
    remove_card(card=card)
    with pytest.raises(Refusal):
        deliver(order=order)
