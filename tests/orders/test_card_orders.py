"""Orders by card: charged at delivery or when ordered, refused, confirmed (A3)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from accounts.models import Issuer, Tenant
from billing_project import clock
from billing_project.errors import Code, Refusal
from invoices.models import Document, DocumentKind
from orders.models import LineState, Order, OrderState, PendingDelivery, PendingState
from orders.services import deliver
from payments.models import CardPayment, CardPaymentState
from payments.services.cards import collect, refresh, remove_card
from payments.services.cards.sweeping import talk
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.orders.by_card import CREDIT, DEBIT, buyer, lines, order_by, standing, states
from tests.orders.factories import make_member, order_of
from tests.payments.cards import provider, saved

pytestmark = pytest.mark.usefixtures("in_shop")


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


def test_a_card_is_not_charged_for_what_cannot_be_billed() -> None:
    """The seller's name is missing: no document could be issued."""
    order = order_by(saved(buyer(), **CREDIT))
    Issuer.objects.update(name="")
    with refused(Code.NOT_CONFORMING):
        deliver(order=order)
    assert (states(), lines(order)) == ([], [LineState.OPEN])
    Issuer.objects.update(name="アルファ証明書株式会社")
    assert deliver(order=order).state == OrderState.DELIVERED
    assert Document.objects.get().serial == 1


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


def test_a_removed_card_is_refused_at_delivery() -> None:
    card = saved(buyer(), **CREDIT)
    order = order_by(card)
    remove_card(card=card)
    with pytest.raises(Refusal):
        deliver(order=order)
