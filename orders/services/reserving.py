"""The deposit that an order has a claim on: taken when it is placed or paid, given back when not needed.

The caller has locked the order and its customer's balance.
"""

from __future__ import annotations

from accounts.policy.choices import PaymentMethod
from ledger.models import CustomerBalance, ReservedFor
from ledger.reservations import free, release, reserve, reserved
from orders.models import LineState, Order, OrderLine
from orders.selectors import card_charges, lines_of, most_of
from payments.services.cards import intend_refund


def claim_deposit(order: Order, balance: CustomerBalance) -> int:
    """Takes free deposit for what is not delivered yet, as far as there is any; gives it in yen."""
    wanted = most_of(order, _open_lines(order)) - reserved_for(order)
    taken = min(max(wanted, 0), free(balance))
    claim(order, taken)
    return taken


def claim(order: Order, amount: int) -> None:
    """Takes this sum of yen of the free deposit."""
    if amount:
        reserve(customer_id=order.customer_id, purpose=ReservedFor.ORDER, source_id=order.pk, amount=amount)


def reserved_for(order: Order) -> int:
    return reserved(purpose=ReservedFor.ORDER, source_id=order.pk)


def use_reserved(order: Order, amount: int) -> None:
    """What a delivery uses of the claim is released; the caller books its use."""
    release(customer_id=order.customer_id, purpose=ReservedFor.ORDER, source_id=order.pk, amount=amount)


def give_back(order: Order) -> int:
    """Releases what the lines still open do not need; gives it in yen.

    It is free deposit again. Of an order that a debit card paid when it was placed it goes back to the card
    at once (A4).
    """
    surplus = reserved_for(order) - most_of(order, _open_lines(order))
    if surplus <= 0:
        return 0
    use_reserved(order, surplus)
    if order.payment_method == PaymentMethod.CARD:
        refund_to_cards(order, surplus)
    return surplus


def refund_to_cards(order: Order, amount: int) -> None:
    """Free deposit of this sum in yen goes back to the card that was charged for the order."""
    for payment in card_charges(order):
        part = min(amount, payment.amount - payment.refunded)
        if part > 0:
            intend_refund(card_payment=payment, amount=part, reason=order.number)
            amount -= part


def _open_lines(order: Order) -> list[OrderLine]:
    return [line for line in lines_of(order) if line.state == LineState.OPEN]
