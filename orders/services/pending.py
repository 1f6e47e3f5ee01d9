"""Deliveries that wait for a credit card to be charged (A3): asked for, completed, refused, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from orders.models import LineState, Order, OrderLine, PendingDelivery, PendingState
from orders.rules import WAITING
from orders.selectors import lines_of
from payments.models import CardPayment, CardPaymentState, CardPurpose
from payments.services.cards import intend, release

UNSETTLED = (CardPaymentState.INTENDED, CardPaymentState.NEEDS_CUSTOMER)


def ask_card(order: Order, lines: Sequence[OrderLine], *, on: date | None, amount: int) -> CardPayment:
    """Writes down that these lines pass once the order's card has been charged with `amount` yen.

    The same delivery asked for again is the one that waits. The caller has locked the order. Raises Refusal
    `not_paid` while another delivery of it waits, `card_declined` when the order has no card that is there.
    """
    positions = [line.position for line in lines]
    waiting = waiting_delivery(order)
    if waiting is not None:
        return _again(waiting, positions)
    if order.card is None or order.card.removed_at is not None:
        raise Refusal(Code.CARD_DECLINED, _("The order has no card to be charged. Ask the customer for one."))
    pending = PendingDelivery.objects.create(
        order=order, positions=positions, delivered_on=on, amount=amount, asked_at=clock.now()
    )
    record("delivery_asked_for", order, lines=positions, amount=amount)
    return intend(
        card=order.card,
        amount=amount,
        purpose=CardPurpose.DELIVERY,
        reference=pending.pk,
        order_number=order.number,
    )


def waiting_delivery(order: Order) -> PendingDelivery | None:
    found: PendingDelivery | None = PendingDelivery.objects.filter(
        order=order, state=PendingState.WAITING
    ).first()
    return found


def withdraw(order: Order) -> None:
    """What is no longer to be delivered is not charged any more; charged all the same, it goes back.

    The caller has locked the order and its card payments, and has settled its state.
    """
    pending = waiting_delivery(order)
    if pending is not None and not _are_open(order, pending.positions):
        call_off(pending, PendingState.WITHDRAWN)
    if order.state not in WAITING:
        _release(CardPurpose.ORDER, order.pk)


def call_off(pending: PendingDelivery, state: PendingState) -> None:
    """It is not delivered, and its card is not charged."""
    end(pending, state)
    _release(CardPurpose.DELIVERY, pending.pk)


def end(pending: PendingDelivery, state: PendingState) -> None:
    pending.state = state
    pending.save(update_fields=["state"])


def unsettled_charge(purpose: CardPurpose, reference: int) -> CardPayment | None:
    """What is to be charged for it and has neither succeeded nor failed yet."""
    found: CardPayment | None = CardPayment.objects.filter(
        purpose=purpose, reference=reference, state__in=UNSETTLED
    ).first()
    return found


def _release(purpose: CardPurpose, reference: int) -> None:
    payment = unsettled_charge(purpose, reference)
    if payment is not None:
        release(payment)


def _are_open(order: Order, positions: list[int]) -> bool:
    return all(line.state == LineState.OPEN for line in lines_of(order) if line.position in positions)


def _again(waiting: PendingDelivery, positions: list[int]) -> CardPayment:
    payment = unsettled_charge(CardPurpose.DELIVERY, waiting.pk)
    if payment is None or waiting.positions != positions:
        raise Refusal(
            Code.NOT_PAID,
            _("Another delivery of this order waits for its card. Deliver this one after it."),
        )
    return payment
