"""Recording that an order, or one line of it, was delivered, and what pays for it (A3, A5, A6, A20, X4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import PaymentMethod
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from invoices.services.gate import pass_gate
from invoices.services.previews import rolled_back
from ledger.models import CustomerBalance
from ledger.reservations import free
from ledger.services import lock_balance
from orders import rules
from orders.models import LineState, Order, OrderLine
from orders.selectors import delivery_total, is_charged, lines_of, pays_at_delivery
from orders.services.handing_over import PaidBy, hand_over, plan_delivery
from orders.services.locking import lock_card_payments, lock_order
from orders.services.pending import ask_card
from orders.services.reserving import reserved_for
from payments.models import CardPayment, CardPaymentState
from payments.services.cards import collect


def deliver(
    *, order: Order, line_position: int | None = None, on: date | None = None, reason: str = ""
) -> Order:
    """The goods of one line, or of all lines that are still open, have passed: each line is charged.

    `on` is the real day (default today): charge and cancel window are dated by it. What is paid by deposit,
    in advance or by card gets its document at once. A credit card is charged first, outside of a transaction:
    while its holder has to confirm that, the lines stay open, and are delivered once it is charged. `reason`
    is an operator's for delivering what has not been paid in advance (A20).

    Raises Refusal `already_cancelled`, `already_delivered`, `order_expired`, `delivery_date_not_allowed`,
    `card_declined`, `not_paid`, `not_conforming` or, for a line that does not exist, `invalid_input`.
    """
    with tenant_context(order.tenant_id):
        payment = _begin(order, line_position, on, reason)
    if payment is not None and collect(payment).state == CardPaymentState.FAILED:
        raise Refusal(
            Code.CARD_DECLINED,
            _(
                "The card company refused the card, and nothing was charged. The order stays open;"
                " who ordered was mailed a link to give another card."
            ),
        )
    with tenant_context(order.tenant_id):
        fresh: Order = Order.objects.get(pk=order.pk)
        return fresh


@transaction.atomic
def _begin(order: Order, position: int | None, on: date | None, reason: str) -> CardPayment | None:
    """Delivers, or gives the card payment that has to succeed first."""
    pass_gate()
    order = lock_order(order)
    if order.card_id is not None:
        lock_card_payments([order.pk])
    balance = lock_balance(order.customer_id)
    today = clock.today(current_tenant().zone)
    lines = _open_lines(order, position)
    if rules.has_expired(order.last_delivery_on, today):
        raise Refusal(Code.ORDER_EXPIRED)
    rules.check_delivery_day(on or today, ordered_on=order.ordered_on, today=today)
    delivery = plan_delivery(order, lines, on or today)
    total = delivery_total(order, lines, delivery.on, delivery.issued_under)
    if pays_at_delivery(order) and total:
        _check_issuable(order, lines, on or today)
        return ask_card(order, lines, on=on, amount=total)
    hand_over(replace(delivery, paid=_payment(order, balance, total, reason), reason=reason))
    return None


def _check_issuable(order: Order, lines: Sequence[OrderLine], on: date) -> None:
    """No card is charged for what no document could be issued of: it is issued, and that is undone."""
    order = Order.objects.get(pk=order.pk)
    positions = {line.position for line in lines}
    passing = [line for line in lines_of(order) if line.position in positions]
    rolled_back(lambda: hand_over(plan_delivery(order, passing, on)))


def _payment(order: Order, balance: CustomerBalance, total: int, reason: str) -> PaidBy:
    """What pays the delivery; raises what is missing."""
    method = order.payment_method
    if method not in rules.PAID_BY_DELIVERY:
        return PaidBy()
    has = reserved_for(order) + free(balance)
    if method == PaymentMethod.ADVANCE_TRANSFER:
        rules.check_paid(paid=has, total=total, reason=reason)
    if method == PaymentMethod.CARD and total and not is_charged(order):
        raise Refusal(Code.NOT_PAID, _("The card has not been charged yet. Deliver it after that."))
    return PaidBy(deposit=min(total, has))


def _open_lines(order: Order, position: int | None) -> list[OrderLine]:
    lines = lines_of(order)
    if position is None:
        rules.check_deliverable(order.state)
        return [line for line in lines if line.state == LineState.OPEN]
    chosen = [line for line in lines if line.position == position]
    if not chosen:
        raise Refusal(
            Code.INVALID_INPUT,
            _("Order %(number)s has no line %(position)s."),
            number=order.number,
            position=position,
        )
    rules.check_deliverable(chosen[0].state)
    return chosen
