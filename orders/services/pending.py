"""Deliveries that wait for a credit card to be charged (A3): asked for, completed, refused, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from orders.models import Order, OrderLine, PendingDelivery, PendingState
from payments.models import CardPayment, CardPaymentState, CardPurpose
from payments.services.cards import intend

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
    """Nothing of the order is to be charged any more; charged all the same, it goes back to the card.

    The caller has locked the order.
    """
    from orders.tasks import release_charge

    pending = waiting_delivery(order)
    if pending is not None:
        end(pending, PendingState.WITHDRAWN)
    for payment in unsettled_charges(order, pending):
        release_charge.enqueue(payment.pk)


def end(pending: PendingDelivery, state: PendingState) -> None:
    pending.state = state
    pending.save(update_fields=["state"])


def unsettled_charges(order: Order, pending: PendingDelivery | None) -> list[CardPayment]:
    """What the order's card may still be charged with."""
    found = CardPayment.objects.filter(purpose=CardPurpose.ORDER, reference=order.pk)
    if pending is not None:
        found |= CardPayment.objects.filter(purpose=CardPurpose.DELIVERY, reference=pending.pk)
    return list(found.filter(state__in=UNSETTLED).order_by("pk"))


def _again(waiting: PendingDelivery, positions: list[int]) -> CardPayment:
    payment: CardPayment | None = CardPayment.objects.filter(
        purpose=CardPurpose.DELIVERY, reference=waiting.pk, state__in=UNSETTLED
    ).first()
    if payment is None or waiting.positions != positions:
        raise Refusal(
            Code.NOT_PAID,
            _("Another delivery of this order waits for its card. Deliver this one after it."),
        )
    return payment
