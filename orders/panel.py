"""What a member sees of its company's orders (S3), what happened and what ends soon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Member
from accounts.rules import Right, may
from billing_project.audit.models import ActorKind, AuditEntry
from invoices.models import Allocation, AllocationSource, Document, DocumentLine
from invoices.panel import documents_of_member
from orders.models import Order, OrderLine
from orders.selectors import orders
from payments.models import CardPayment, CardPaymentState

_RECENT = 10
_OF_CUSTOMER = (ActorKind.MEMBER, ActorKind.KEY)
_ENDED = {
    "order_cancelled": ("warning", "cancelled"),
    "order_expired": ("error", "expired"),
    "certificates_revoked": ("error", "revoked"),
}


@dataclass(frozen=True)
class Event:
    """One line of a timeline; `by` is who did it, as the customer may know it."""

    at: datetime
    title: str
    href: str = ""
    text: str = ""
    tone: str = "neutral"
    by: str = ""


def visible_orders(member: Member, *, search: str = "", state: str = "") -> QuerySet[Order]:
    """The company's orders, newest first; a member without the right to see all sees its own."""
    own = None if may(member.roles, Right.SEE_ALL_ORDERS) else member
    return orders(customer=member.customer, member=own, search=search, state=state)


def orders_of_member(member: Member) -> QuerySet[Order]:
    """The same orders without their sums, in no order."""
    found: QuerySet[Order] = Order.objects.filter(customer=member.customer_id)
    return found if may(member.roles, Right.SEE_ALL_ORDERS) else found.filter(member=member)


def own_order_numbers(member: Member) -> QuerySet[Any]:
    return Order.objects.filter(member=member).values("number")


def recent_events(member: Member, cards: Iterable[CardPayment]) -> list[Event]:
    """Orders, deliveries, ends, documents, payments and refused `cards`, the newest first."""
    mine, documents = orders_of_member(member), documents_of_member(member)
    lines = OrderLine.objects.filter(order__in=_ids(mine), delivered_at__isnull=False)
    events = [
        *(_placed(order) for order in mine.select_related("member").order_by("-placed_at")[:_RECENT]),
        *_deliveries(lines.select_related("order").order_by("-delivered_at")[: _RECENT * 3]),
        *_ends(AuditEntry.objects.filter(object_id__in=_ids(mine))),
        *_refused(cards),
        *(_issued(document) for document in documents.order_by("-issued_at")[:_RECENT]),
        *_payments(documents),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:_RECENT]


def news(events: Iterable[Event], since: datetime | None) -> tuple[list[Event], list[Event]]:
    """The events, newest first, parted at `since`. At a first sign-in all of them are new."""
    found = list(events)
    new = [event for event in found if since is None or event.at > since]
    return new, found[len(new) :]


def unsettled_cards(member: Member) -> list[CardPayment]:
    """Charges for the member's orders that wait for the card holder or were refused, the newest first; for
    who may order."""
    if not may(member.roles, Right.ORDER):
        return []
    found = CardPayment.objects.filter(
        customer=member.customer_id,
        state__in=[CardPaymentState.NEEDS_CUSTOMER, CardPaymentState.FAILED],
        order_number__in=orders_of_member(member).values("number"),
    )
    return list(found.order_by("-pk")[:_RECENT])


def events_of(order: Order, lines: Iterable[OrderLine], member: Member) -> list[Event]:
    """The order's story, the newest first."""
    billed = DocumentLine.objects.filter(order_number=order.number).values("document")
    delivered = [line for line in lines if line.delivered_at]
    for line in delivered:
        line.order = order
    events = [
        _placed(order),
        *_deliveries(delivered),
        *_ends(AuditEntry.objects.filter(object_id=order.pk)),
        *(_issued(document) for document in documents_of_member(member).filter(pk__in=billed)),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _placed(order: Order) -> Event:
    by = order.member.name if order.member else ""
    title = _("Order %(number)s placed") % {"number": order.number}
    return Event(order.placed_at, title, _order_page(order), by=by)


def _deliveries(lines: Iterable[OrderLine]) -> list[Event]:
    groups: dict[tuple[int, datetime], list[OrderLine]] = {}
    for line in lines:
        assert line.delivered_at is not None
        groups.setdefault((line.order_id, line.delivered_at), []).append(line)
    return [_delivered(at, group) for (_order_id, at), group in groups.items()]


def _delivered(at: datetime, lines: list[OrderLine]) -> Event:
    order: Any = lines[0].order
    title = _("Order %(number)s delivered") % {"number": order.number}
    return Event(at, title, _order_page(order), _names(lines), "success")


def _names(lines: list[OrderLine]) -> str:
    first = min(lines, key=lambda line: line.position)
    if len(lines) == 1:
        return first.description
    return _("%(first)s and %(more)s more") % {"first": first.description, "more": len(lines) - 1}


def _ends(entries: QuerySet[AuditEntry]) -> list[Event]:
    found = entries.filter(object_kind="order", action__in=_ENDED).order_by("-at")[:_RECENT]
    users = {entry.actor_user_id for entry in found if entry.actor_kind in _OF_CUSTOMER}
    members = dict(Member.objects.filter(user__in=users).values_list("user", "name")) if users else {}
    return [_ended(entry, members.get(entry.actor_user_id, "")) for entry in found]


def _ended(entry: AuditEntry, by: str) -> Event:
    tone, what = _ENDED[entry.action]
    titles = {
        "cancelled": _("Order %(number)s: %(count)s cancelled"),
        "expired": _("Order %(number)s: %(count)s expired"),
        "revoked": _("Order %(number)s: %(count)s revoked"),
    }
    positions = entry.data.get("lines", [])
    count = ngettext("%(count)s line", "%(count)s lines", len(positions)) % {"count": len(positions)}
    title = titles[what] % {"number": entry.object_label, "count": count}
    return Event(entry.at, title, text=str(entry.data.get("reason") or ""), tone=tone, by=by)


def _refused(payments: Iterable[CardPayment]) -> list[Event]:
    refused = [each for each in payments if each.state == CardPaymentState.FAILED and each.settled_at]
    return [_card_refused(each) for each in refused]


def _card_refused(payment: CardPayment) -> Event:
    title = _("Order %(number)s: the card was refused") % {"number": payment.order_number}
    href = f"{reverse('orders:list')}?{urlencode({'q': payment.order_number})}"
    assert payment.settled_at is not None
    return Event(payment.settled_at, title, href, tone="error")


def _issued(document: Document) -> Event:
    title = _("%(kind)s %(number)s issued") % {
        "kind": document.get_kind_display(),
        "number": document.number,
    }
    href = reverse("invoices:detail", args=[document.public_id])
    return Event(document.issued_at, title, href, tone="info")


def _payments(documents: QuerySet[Document]) -> list[Event]:
    paid = Allocation.objects.filter(
        document__in=_ids(documents), source=AllocationSource.PAYMENT, amount__gt=0
    )
    sums: dict[tuple[int, datetime], int] = {}
    for source, at, amount in paid.order_by("-recorded_at").values_list("source_id", "recorded_at", "amount")[
        : _RECENT * 3
    ]:
        sums[source, at] = sums.get((source, at), 0) + amount
    return [
        Event(at, _("Payment of ¥%(amount)s received") % {"amount": f"{amount:,}"}, tone="success")
        for (_source, at), amount in sums.items()
    ]


def _order_page(order: Order) -> str:
    return reverse("orders:detail", args=[order.public_id])


def _ids(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values("pk")
