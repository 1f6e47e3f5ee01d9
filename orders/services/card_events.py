"""What becomes of an order when its card was charged, refused, or has to be confirmed (A3, A4).

Each runs in the transaction that writes down the provider's answer; several tellings of it are one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from billing_project import clock
from billing_project.audit.services import record
from billing_project.outbox.services import enqueue
from billing_project.tenancy.lookup import current_tenant
from invoices.services.gate import pass_gate
from ledger.services import lock_balance
from orders import rules
from orders.models import LineState, Order, OrderLine, OrderState, PendingDelivery, PendingState
from orders.selectors import delivery_total, lines_of
from orders.services.handing_over import Delivery, PaidBy, hand_over, plan_delivery
from orders.services.locking import lock_order, settle_state
from orders.services.pending import end
from orders.services.reserving import claim, give_back, refund_to_cards
from payments.models import CardPayment, CardPurpose
from payments.services.cards import book_to_deposit, intend_refund


def card_answered(card_payment: CardPayment, **_signal: Any) -> None:
    """An answer of the provider is about to be written down: gate and order are locked before it."""
    order = _order_of(card_payment)
    if order is not None:
        if card_payment.purpose == CardPurpose.DELIVERY:
            pass_gate()
        lock_order(order)


def card_charged(card_payment: CardPayment, **_signal: Any) -> None:
    order = _order_of(card_payment)
    if order is not None:
        act = _pay_order if card_payment.purpose == CardPurpose.ORDER else _deliver
        act(order, card_payment)


def card_refused(card_payment: CardPayment, **_signal: Any) -> None:
    """A debit card's order ends; a delivery is off, and its order stays open for another card (A3)."""
    order = _order_of(card_payment)
    if order is not None:
        act = _cancel_unpaid if card_payment.purpose == CardPurpose.ORDER else _call_off
        act(order, card_payment)


def card_waits(card_payment: CardPayment, **_signal: Any) -> None:
    """The card holder gets a link to confirm the charge."""
    order = _order_of(card_payment)
    if order is not None:
        occasion = f"card_to_confirm:{card_payment.pk}"
        enqueue(occasion=occasion, kind="card_to_confirm", reference=order.pk, payment=card_payment.pk)


def card_reinstated(card_payment: CardPayment, amount: int, **_signal: Any) -> None:
    """A won dispute: the order has its claim again; cancelled meanwhile, it goes back (A4, A14)."""
    order = _order_of(card_payment)
    if order is None:
        return
    order = lock_order(order)
    if order.state in rules.WAITING and card_payment.purpose == CardPurpose.ORDER:
        claim(order, amount)
        give_back(order)
    elif order.state in (OrderState.CANCELLED, OrderState.EXPIRED):
        refund_to_cards(order, amount)


def accept(order: Order) -> None:
    """Tells the ordering member that the order is final (S4)."""
    if order.member_id is not None:
        enqueue(occasion=f"order_accepted:{order.pk}", kind="order_accepted", reference=order.pk)


def _pay_order(order: Order, card_payment: CardPayment) -> None:
    """The charge becomes deposit reserved for the order; what is not wanted any more goes back."""
    order = lock_order(order)
    lock_balance(order.customer_id)
    book_to_deposit(card_payment=card_payment)
    claim(order, card_payment.amount)
    give_back(order)
    if order.state in rules.WAITING:
        accept(order)


def _deliver(order: Order, card_payment: CardPayment) -> None:
    order = lock_order(order)
    lock_balance(order.customer_id)
    pending = PendingDelivery.objects.get(pk=card_payment.reference)
    today = clock.today(current_tenant().zone)
    if pending.state != PendingState.WAITING or rules.has_expired(order.last_delivery_on, today):
        return _too_late(card_payment, pending)
    lines = [line for line in lines_of(order) if line.position in pending.positions]
    delivery = plan_delivery(order, lines, pending.delivered_on or today)
    end(pending, PendingState.DELIVERED)
    hand_over(replace(delivery, paid=_paid_by(card_payment, delivery)))


def _paid_by(card_payment: CardPayment, delivery: Delivery) -> PaidBy:
    """The card itself, unless the sum has changed since it was asked: then what it brought, as deposit."""
    total = delivery_total(delivery.order, delivery.lines, delivery.on, delivery.issued_under)
    if total == card_payment.amount:
        return PaidBy(card=card_payment)
    book_to_deposit(card_payment=card_payment)
    if card_payment.amount > total:
        intend_refund(card_payment=card_payment, amount=card_payment.amount - total)
    return PaidBy(deposit=min(total, card_payment.amount))


def _too_late(card_payment: CardPayment, pending: PendingDelivery) -> None:
    if pending.state == PendingState.WAITING:
        end(pending, PendingState.WITHDRAWN)
    book_to_deposit(card_payment=card_payment)
    intend_refund(card_payment=card_payment, amount=card_payment.amount, reason=card_payment.order_number)


def _cancel_unpaid(order: Order, card_payment: CardPayment) -> None:
    order = lock_order(order)
    lock_balance(order.customer_id)
    if order.state not in rules.WAITING:
        return
    lines = OrderLine.objects.filter(order=order, state=LineState.OPEN)
    positions = list(lines.order_by("position").values_list("position", flat=True))
    lines.update(state=LineState.CANCELLED)
    settle_state(order)
    record("order_cancelled", order, lines=positions, reason="card_declined")
    _tell_refused(order, card_payment)


def _call_off(order: Order, card_payment: CardPayment) -> None:
    order = lock_order(order)
    pending = PendingDelivery.objects.get(pk=card_payment.reference)
    if pending.state != PendingState.WAITING:
        return
    end(pending, PendingState.DECLINED)
    record("delivery_declined", order, lines=pending.positions, amount=pending.amount)
    _tell_refused(order, card_payment)


def _tell_refused(order: Order, card_payment: CardPayment) -> None:
    occasion = f"card_refused:{card_payment.pk}"
    enqueue(occasion=occasion, kind="card_refused", reference=order.pk, payment=card_payment.pk)


def _order_of(card_payment: CardPayment) -> Order | None:
    if card_payment.purpose == CardPurpose.ORDER:
        return Order.objects.filter(pk=card_payment.reference).first()
    pending = PendingDelivery.objects.filter(pk=card_payment.reference).select_related("order").first()
    return pending.order if pending else None
