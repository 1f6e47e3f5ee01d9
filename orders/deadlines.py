"""What a member's company has to do by when: pay, transfer, have delivered, cancel (A5, A13, A20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Member
from accounts.policy.choices import PaymentMethod
from accounts.rules import Right, may
from invoices.models import OpenItem
from orders.models import LineState, Order, OrderLine, OrderState
from orders.panel import orders_of_member
from orders.selectors import missing_for

EXPIRY_SHOWN = timedelta(days=14)
MOST = 20
"""Of each kind."""
_UNDELIVERED = [OrderState.OPEN, OrderState.PARTLY_DELIVERED]


class DeadlineKind(StrEnum):
    PAY = "pay"
    TRANSFER = "transfer"
    EXPIRY = "expiry"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Deadline:
    """Something that ends on `day`, that day included.

    `href` leads to the act that `act` names; `uid` names the same thing for as long as it is there.
    """

    day: date
    kind: DeadlineKind
    uid: str
    title: str
    href: str
    act: str


def deadlines(member: Member, items: Iterable[OpenItem], today: date) -> list[Deadline]:
    """The next first: documents to pay (`items` are the member's `open_items`), transfers for orders (A20),
    orders about to expire (A5), and cancel windows about to end (A13). What is past is not among them.
    """
    found = [*_payments(items, today), *_undelivered(member, today), *_windows(member, today)]
    return sorted(found, key=lambda each: each.day)


def _payments(items: Iterable[OpenItem], today: date) -> Iterator[Deadline]:
    coming = [(item.due_on, item) for item in items if item.due_on is not None and item.due_on >= today]
    for day, item in coming[:MOST]:
        document = item.document
        text = _("%(kind)s %(number)s: pay %(amount)s yen") % {
            "kind": document.get_kind_display(),
            "number": document.number,
            "amount": f"{item.open_amount:,}",
        }
        href = reverse("invoices:detail", args=[document.public_id])
        uid = f"{DeadlineKind.PAY}-{document.public_id}"
        yield Deadline(day, DeadlineKind.PAY, uid, text, href, _("Pay"))


def _undelivered(member: Member, today: date) -> Iterator[Deadline]:
    waiting = orders_of_member(member).filter(state__in=_UNDELIVERED, last_delivery_on__gte=today)
    for order in waiting.select_related("policy_version").order_by("last_delivery_on")[:MOST]:
        day = order.last_delivery_on
        assert day is not None
        if text := _transfer_to_make(order):
            yield _of_order(day, DeadlineKind.TRANSFER, order, text, _("How to transfer"))
        elif day <= today + EXPIRY_SHOWN:
            text = _("Order %(number)s expires unless it is delivered.") % {"number": order.number}
            yield _of_order(day, DeadlineKind.EXPIRY, order, text, _("See the order"))


def _transfer_to_make(order: Order) -> str:
    """Empty: none (A20)."""
    missing = missing_for(order) if order.payment_method == PaymentMethod.ADVANCE_TRANSFER else 0
    if not missing:
        return ""
    text = _("Order %(number)s: transfer ¥%(amount)s so that it can be delivered.")
    return text % {"number": order.number, "amount": f"{missing:,}"}


def _of_order(day: date, kind: DeadlineKind, order: Order, text: str, act: str) -> Deadline:
    return Deadline(day, kind, f"{kind}-{order.public_id}", text, _order_page(order), act)


def _windows(member: Member, today: date) -> Iterator[Deadline]:
    mine = orders_of_member(member).values("pk")
    lines = OrderLine.objects.filter(order__in=mine, state=LineState.DELIVERED, cancel_until__gte=today)
    ending: dict[tuple[date, int], list[OrderLine]] = {}
    for line in lines.select_related("order").order_by("cancel_until", "order", "position")[: MOST * 4]:
        assert line.cancel_until is not None
        ending.setdefault((line.cancel_until, line.order_id), []).append(line)
    for (until, _order_id), group in list(ending.items())[:MOST]:
        yield _window(member, until, group)


def _window(member: Member, until: date, group: list[OrderLine]) -> Deadline:
    order: Order = group[0].order
    text = ngettext(
        "Order %(number)s: %(count)s delivery can still be cancelled.",
        "Order %(number)s: %(count)s deliveries can still be cancelled.",
        len(group),
    ) % {"number": order.number, "count": len(group)}
    uid = f"{DeadlineKind.CANCEL}-{order.public_id}-{until}"
    if not _may_cancel(member, order):
        return Deadline(until, DeadlineKind.CANCEL, uid, text, _order_page(order), _("See the order"))
    href = _order_page(order) + "#lines" if len(group) > 1 else _cancel_page(group[0])
    return Deadline(until, DeadlineKind.CANCEL, uid, text, href, _("Cancel"))


def _may_cancel(member: Member, order: Order) -> bool:
    return may(member.roles, Right.CANCEL_OWN if order.member_id == member.pk else Right.CANCEL_ALL)


def _order_page(order: Order) -> str:
    return reverse("orders:detail", args=[order.public_id])


def _cancel_page(line: OrderLine) -> str:
    return reverse("cancellations:cancel_line", args=[line.order.public_id, line.position])
