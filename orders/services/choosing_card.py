"""Another card for an order that is charged at delivery (A3)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from ledger.services import lock_balance
from orders import rules
from orders.models import Order, PendingState
from orders.selectors import pays_at_delivery
from orders.services.locking import lock_card_payments, lock_order
from orders.services.pending import call_off, waiting_delivery
from payments.models import Card, Funding


@transaction.atomic
def choose_card(*, order: Order, card: Card) -> Order:
    """The order's deliveries are charged to this card from now on; a delivery that waits is called off.

    Raises Refusal `already_cancelled`, `already_delivered`, `order_expired`, `method_not_offered` for an
    order that is not charged at delivery, and `invalid_input` for a card that cannot be charged then.
    """
    order = lock_order(order)
    lock_card_payments([order.pk])
    lock_balance(order.customer_id)
    rules.check_deliverable(order.state)
    if not pays_at_delivery(order):
        raise Refusal(Code.METHOD_NOT_OFFERED)
    rules.check_card(order.payment_method, card, order.customer_id)
    if card.funding == Funding.DEBIT:
        raise Refusal(
            Code.INVALID_INPUT,
            _("Choose a credit card: a debit card can be charged only when an order is placed."),
        )
    if order.card_id == card.pk:
        return order
    if pending := waiting_delivery(order):
        call_off(pending, PendingState.WITHDRAWN)
    order.card = card
    order.save(update_fields=["card"])
    record("order_card_chosen", order, card=str(card))
    return order
