"""Cancelling lines of an order, and reminding of windows that end (A4, A13, A16, A19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, PolicyVersion
from accounts.selectors import policy_of
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.outbox.services import enqueue
from billing_project.tenancy.lookup import current_tenant
from cancellations import rules
from cancellations.models import Cancellation
from cancellations.selectors import billed_charges, cancel_options, may_cancel
from invoices.models import Charge
from invoices.services.charges import reverse_charge
from invoices.services.gate import pass_gate
from ledger.services import lock_balance
from orders.models import LineState, Order, OrderLine
from orders.services.locking import lock_order, settle_state

MAX_REASON = 300
_GONE = {Code.ALREADY_CANCELLED, Code.ORDER_EXPIRED}


@transaction.atomic
def cancel(
    *, order: Order, line_position: int | None = None, member: Member | None = None, reason: str = ""
) -> Order:
    """Cancels one line, or all lines that are neither cancelled nor expired: all of them or none.

    What was delivered gets a reversing charge dated today; as long as no document names the charge, both stay
    off every document (A16). The ordering member is mailed. `member` None is an operator.

    Raises Refusal `not_permitted`, `already_cancelled`, `order_expired`, `not_cancellable`,
    `cancel_window_closed`, `not_supported_yet` (billed already: A17) or `invalid_input`.
    """
    # Behind the gate no document can come to name a charge under our eyes.
    pass_gate()
    order = lock_order(order)
    lock_balance(order.customer_id)
    if not may_cancel(order, member):
        raise Refusal(Code.NOT_PERMITTED)
    _check_reason(reason)
    lines = _cancellable(order, line_position)
    _check_unbilled(lines)
    cancellations = [_cancel_line(line, reason) for line in lines]
    settle_state(order)
    positions = [line.position for line in lines]
    record("order_cancelled", order, lines=positions, reason=reason)
    if order.member_id is not None:
        occasion = f"order_cancelled:{cancellations[0].pk}"
        enqueue(occasion=occasion, kind="order_cancelled", reference=order.pk, lines=positions)
    return order


@transaction.atomic
def remind_of_windows(day: date) -> int:
    """Mails that are due on `day` about cancel windows that end soon (A19); gives their number.

    A run that comes late reminds only of windows that are still open.
    """
    today = clock.today(current_tenant().zone)
    count = 0
    for until, order_ids in _windows(day):
        if until >= today:
            count += len(order_ids)
            for order_id in order_ids:
                _remind(order_id, until)
    return count


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


def _check_unbilled(lines: list[OrderLine]) -> None:
    if billed_charges(lines):
        raise Refusal(
            Code.NOT_SUPPORTED_YET,
            _("This is on an invoice already; cancelling it needs a return invoice, which comes later."),
        )


def _cancel_line(line: OrderLine, reason: str) -> Cancellation:
    today = clock.today(current_tenant().zone)
    reversal = _reverse(line, today) if line.state == LineState.DELIVERED else None
    line.state = LineState.CANCELLED
    line.save(update_fields=["state"])
    cancellation: Cancellation = Cancellation.objects.create(
        line=line, reversal=reversal, cancelled_at=clock.now(), reason=reason
    )
    return cancellation


def _reverse(line: OrderLine, today: date) -> Charge:
    assert line.charge is not None
    return reverse_charge(charge=line.charge, on=today)


def _windows(day: date) -> Iterator[tuple[date, Sequence[int]]]:
    """The last days of the windows that are reminded of on `day`, with the orders that have one."""
    delivered = OrderLine.objects.filter(
        state=LineState.DELIVERED, delivered_on__lte=day, cancel_until__gte=day, order__member__isnull=False
    )
    orders: dict[date, set[int]] = defaultdict(set)
    versions = delivered.order_by().values_list("order__policy_version").distinct()
    for version in PolicyVersion.objects.filter(pk__in=versions):
        if until := rules.reminded_window(day, policy_of(version)):
            ending = delivered.filter(order__policy_version=version, cancel_until=until)
            orders[until].update(ending.values_list("order_id", flat=True))
    yield from ((until, sorted(ids)) for until, ids in sorted(orders.items()))


def _remind(order_id: int, until: date) -> None:
    enqueue(
        occasion=f"cancel_window_ends:{order_id}:{until}",
        kind="cancel_window_ends",
        reference=order_id,
        until=until.isoformat(),
    )
