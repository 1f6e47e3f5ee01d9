"""How an order stands with its money, as customers and operators see it."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.models import BankAccount
from accounts.policy.choices import PaymentMethod
from ledger.models import ReservedFor
from ledger.reservations import reserved
from orders.models import Order, PendingDelivery, PendingState
from orders.rules import WAITING
from orders.selectors import missing_for, payments_by_card, pays_at_delivery
from payments.models import CardPayment, CardPaymentState


@dataclass(frozen=True)
class OrderPayment:
    """Sums in yen. `reserved` is deposit claimed for the order, `missing` what has to be transferred yet.

    `confirm` waits for the card holder; `needs_card`: the card was refused or removed, and another is asked
    for; `can_choose_card`: it may be changed.
    """

    reserved: int = 0
    missing: int = 0
    accounts: list[BankAccount] = field(default_factory=list)
    charges: list[CardPayment] = field(default_factory=list)
    confirm: CardPayment | None = None
    needs_card: bool = False
    can_choose_card: bool = False


def payment_of(order: Order) -> OrderPayment:
    charges = payments_by_card(order) if order.payment_method == PaymentMethod.CARD else []
    waits = order.state in WAITING
    missing = missing_for(order) if waits and order.payment_method == PaymentMethod.ADVANCE_TRANSFER else 0
    to_confirm = [each for each in charges if each.state == CardPaymentState.NEEDS_CUSTOMER]
    by_card = waits and pays_at_delivery(order)
    return OrderPayment(
        reserved=reserved(purpose=ReservedFor.ORDER, source_id=order.pk),
        missing=missing,
        accounts=list(BankAccount.objects.filter(is_active=True)) if missing else [],
        charges=charges,
        confirm=to_confirm[0] if waits and to_confirm else None,
        needs_card=by_card and _card_failed(order),
        can_choose_card=by_card,
    )


def _card_failed(order: Order) -> bool:
    """Whether the card of the order is gone, or refused its last delivery."""
    if order.card is None or order.card.removed_at is not None:
        return True
    last = PendingDelivery.objects.filter(order=order).order_by("-pk").first()
    if last is None or last.state != PendingState.DECLINED:
        return False
    refused = [each for each in payments_by_card(order) if each.reference == last.pk]
    return bool(refused) and refused[0].card_id == order.card_id
