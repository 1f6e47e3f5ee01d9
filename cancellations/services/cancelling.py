"""Cancelling lines of an order (A4, A13, A16, A17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.policy.choices import PaymentMethod
from accounts.selectors import as_it_stands
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.outbox.services import enqueue
from billing_project.tenancy.lookup import current_tenant
from cancellations.models import Cancellation
from cancellations.selectors import cancel_options, may_cancel
from cancellations.services.returning import refund_returns, return_what_was_billed
from invoices.models import Document
from invoices.selectors import charge_that_stands
from invoices.services.charges import reverse_charge
from invoices.services.gate import pass_gate
from invoices.services.settlement import surplus_of
from ledger.services import lock_balance
from orders.models import LineState, Order, OrderLine
from orders.services.locking import lock_card_payments, lock_order, settle_state
from orders.services.pending import withdraw
from orders.services.reserving import give_back

MAX_REASON = 300
_GONE = {Code.ALREADY_CANCELLED, Code.ORDER_EXPIRED}


@transaction.atomic
def cancel(
    *, order: Order, line_position: int | None = None, member: Member | None = None, reason: str = ""
) -> Order:
    """Cancels one line, or all lines that are neither cancelled nor expired: all of them or none.

    What was delivered gets a reversing charge dated today. As long as no document names the charge, both stay
    off every document (A16); else a return invoice is issued at once, and what it leaves over becomes free
    deposit (A15, A17) or goes back to the card that paid it (A14). What was reserved or charged before the
    delivery comes back as well (A4). The ordering member is mailed. `member` None is an operator.

    Raises Refusal `not_permitted`, `already_cancelled`, `order_expired`, `not_cancellable`,
    `cancel_window_closed` or `invalid_input`.
    """
    # Behind the gate no document can come to name a charge under our eyes.
    pass_gate()
    order = lock_order(order)
    if order.card_id is not None:
        lock_card_payments([order.pk])
    lock_balance(order.customer_id)
    if not may_cancel(order, as_it_stands(member)):
        raise Refusal(Code.NOT_PERMITTED)
    _check_reason(reason)
    lines = _cancellable(order, line_position)
    today = clock.today(current_tenant().zone)
    cancellations = [_cancel_line(line, today, reason) for line in lines]
    reversals = [each.reversal for each in cancellations if each.reversal is not None]
    returns = return_what_was_billed(reversals, on=today)
    settle_state(order)
    withdraw(order)
    back: dict[str, Any] = _give_back(order, returns)
    positions = [line.position for line in lines]
    numbers = [document.number for document in returns]
    record("order_cancelled", order, lines=positions, reason=reason, return_invoices=numbers, **back)
    if order.member is not None and order.member.is_active:
        occasion = f"order_cancelled:{cancellations[0].pk}"
        enqueue(occasion=occasion, kind="order_cancelled", reference=order.pk, lines=positions, **back)
    return order


def _give_back(order: Order, returns: Sequence[Document]) -> dict[str, int]:
    """The money that comes back, in yen, by where it goes."""
    surplus = sum(surplus_of(document) for document in returns)
    refunded = refund_returns(order, returns)
    released = give_back(order)
    by_card = order.payment_method == PaymentMethod.CARD
    return {
        "to_card": refunded + (released if by_card else 0),
        "to_deposit": surplus - refunded + (0 if by_card else released),
    }


def _check_reason(reason: str) -> None:
    if len(reason) > MAX_REASON or "\0" in reason:
        raise Refusal(Code.INVALID_INPUT, _("A reason has up to %(most)s characters."), most=MAX_REASON)


def _cancellable(order: Order, position: int | None) -> list[OrderLine]:
    """The lines to be cancelled; raises what speaks against the first that cannot be."""
    options = cancel_options(order)
    if position is not None:
        options = [option for option in options if option.line.position == position]
        if not options:
            raise Refusal(
                Code.INVALID_INPUT,
                _("Order %(number)s has no line %(position)s."),
                number=order.number,
                position=position,
            )
    else:
        options = [option for option in options if option.refused not in _GONE] or options
    for option in options:
        if option.refused:
            raise Refusal(option.refused)
    return [option.line for option in options]


def _cancel_line(line: OrderLine, today: date, reason: str) -> Cancellation:
    reversal = None
    if line.state == LineState.DELIVERED:
        assert line.charge is not None
        # A corrected document may have left the line out: then nothing is billed that could be returned.
        if charge_that_stands(line.charge) is not None:
            reversal = reverse_charge(charge=line.charge, on=today)
    line.state = LineState.CANCELLED
    line.save(update_fields=["state"])
    cancellation: Cancellation = Cancellation.objects.create(
        line=line, reversal=reversal, cancelled_at=clock.now(), reason=reason
    )
    return cancellation
