"""Questions about cancelling, asked in the tenant's context."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import Member
from accounts.policy.choices import PaymentMethod
from accounts.rules import Right, may
from billing_project import clock
from billing_project.errors import Code
from billing_project.tenancy.lookup import current_tenant
from cancellations import rules
from cancellations.models import Cancellation
from invoices.models import DocumentLine, OpenItem
from orders.models import Order, OrderLine
from orders.rules import LATER_METHODS
from orders.selectors import is_charged, lines_of, policy_of_order, refunds_to_card


@dataclass(frozen=True)
class CancelOption:
    """One line, and what speaks against cancelling it now: `refused` is None when nothing does.

    `until` is the last day on which it can be cancelled; None while nothing has been delivered, or never.
    """

    line: OrderLine
    refused: Code | None
    until: date | None

    @property
    def possible(self) -> bool:
        return self.refused is None


def cancel_options(order: Order, *, member: Member | None = None) -> list[CancelOption]:
    """Every line of the order in turn, for a member or (None) an operator."""
    today, policy = clock.today(current_tenant().zone), policy_of_order(order)
    forbidden = None if may_cancel(order, member) else Code.NOT_PERMITTED
    return [
        CancelOption(
            line,
            forbidden
            or rules.why_not_cancellable(
                state=line.state,
                cancel_until=line.cancel_until,
                last_delivery_on=order.last_delivery_on,
                policy=policy,
                today=today,
            ),
            line.cancel_until,
        )
        for line in lines_of(order)
    ]


def can_cancel(order: Order, *, member: Member | None = None) -> bool:
    """Whether any line of the order can be cancelled now."""
    return any(option.possible for option in cancel_options(order, member=member))


def may_cancel(order: Order, member: Member | None) -> bool:
    """Whether this member may cancel the order at all; None is an operator, who may."""
    if member is None:
        return True
    right = Right.CANCEL_OWN if order.member_id == member.pk else Right.CANCEL_ALL
    belongs = member.customer_id == order.customer_id and member.is_active
    return belongs and may(member.roles, right)


def where_back(order: Order, *, delivered: bool) -> str:
    """Where the money of a cancelled line goes: `card`, `debit` (refunded before delivery), `deposit`, or
    empty for who pays later."""
    if order.payment_method in LATER_METHODS:
        return ""
    if order.payment_method != PaymentMethod.CARD:
        return "deposit"
    if not delivered:
        return "debit" if is_charged(order) else "card"
    return "card" if refunds_to_card(order) else "deposit"


@dataclass(frozen=True)
class BillEffect:
    """What returning a line on account does to its invoice, in yen: taken `off` it, and freed as deposit."""

    number: str
    due_on: date | None
    off: int
    deposit: int


def effect_on_bill(line: OrderLine, total: int) -> BillEffect | None:
    """`total` is what the line comes to with tax. None when no document with an open item names the line."""
    named = DocumentLine.objects.filter(charge=line.charge_id).values("document")
    items = OpenItem.objects.filter(document__in=named).select_related("document")
    item = items.order_by("-document").first() if line.charge_id else None
    if item is None:
        return None
    off = min(item.open_amount, total)
    return BillEffect(item.document.number, item.due_on, off, total - off)


def cancellations_of(order: Order) -> list[Cancellation]:
    """What was cancelled of the order, by line."""
    found = Cancellation.objects.filter(line__order=order).select_related("line", "reversal")
    return list(found.order_by("line__position"))


def billed_charges(lines: list[OrderLine]) -> set[int]:
    """The ids of the lines' charges that a document names; exact behind the billing gate."""
    charges = [line.charge_id for line in lines if line.charge_id is not None]
    return set(DocumentLine.objects.filter(charge__in=charges).values_list("charge_id", flat=True))
