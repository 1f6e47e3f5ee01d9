"""Orders that are not delivered in time: the warnings, and the end (A5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import PolicyVersion
from accounts.selectors import contact_of, policy_of
from billing_project import clock
from billing_project.audit.services import record
from billing_project.outbox.services import enqueue, in_the_morning
from billing_project.tenancy.lookup import current_tenant
from ledger.services import lock_balances
from orders import rules
from orders.models import LineState, Order, OrderLine
from orders.rules import WAITING
from orders.services.locking import lock_orders, settle_state
from orders.services.pending import withdraw
from orders.services.reserving import give_back


def any_expired(day: date) -> bool:
    """Whether `expire_orders(day)` has anything to end."""
    return Order.objects.filter(state__in=WAITING, last_delivery_on__lt=day).exists()


def any_waiting(day: date) -> bool:
    """Whether there are orders that `warn_of_expiry(day)` might warn of."""
    waiting = Order.objects.filter(state__in=WAITING, ordered_on__lt=day, last_delivery_on__gte=day)
    return waiting.exists()


@transaction.atomic
def expire_orders(day: date) -> int:
    """Ends what was not delivered by the day before `day`; gives the number of orders.

    Lines already delivered stay: an order that was delivered in part ends as delivered. What was paid for the
    others goes back to the debit card, or becomes free deposit.
    """
    late = Order.objects.filter(state__in=WAITING, last_delivery_on__lt=day)
    orders = lock_orders(late)
    lock_balances(order.customer_id for order in orders)
    for order in orders:
        _expire(order, day)
    return len(orders)


@transaction.atomic
def warn_of_expiry(day: date) -> int:
    """Mails that are due on `day` about orders that end soon; gives the number of orders.

    A run that comes late warns only of orders that can still be delivered. On its own day no order is
    warned of: the mail that accepts it says when it ends.
    """
    today = clock.today(current_tenant().zone)
    count = 0
    for order, before in _ending(day):
        if not rules.has_expired(order.last_delivery_on, today):
            _write_to_both(order, kind="order_expiring", occasion=f"order_expiring:{order.pk}:{before}")
            count += 1
    return count


def _expire(order: Order, day: date) -> None:
    lines = OrderLine.objects.filter(order=order, state=LineState.OPEN)
    positions = list(lines.order_by("position").values_list("position", flat=True))
    lines.update(state=LineState.EXPIRED)
    settle_state(order)
    withdraw(order)
    returned = give_back(order)
    record("order_expired", order, day=day.isoformat(), lines=positions, returned=returned)
    occasion = f"order_expired:{order.pk}"
    _write_to_both(
        order,
        kind="order_expired",
        occasion=occasion,
        not_before=in_the_morning(),
        lines=positions,
        returned=returned,
    )


def _ending(day: date) -> Iterator[tuple[Order, int]]:
    """The waiting orders that the policy of their day warns of today, with the days left."""
    waiting = Order.objects.filter(state__in=WAITING, ordered_on__lt=day).select_related("customer", "member")
    versions = waiting.filter(last_delivery_on__gte=day).order_by().values_list("policy_version").distinct()
    for version in PolicyVersion.objects.filter(pk__in=versions):
        deadlines = rules.warned_deadlines(day, policy_of(version))
        ending = waiting.filter(policy_version=version, last_delivery_on__in=deadlines)
        yield from ((order, deadlines[order.last_delivery_on]) for order in ending.order_by("pk"))


def _write_to_both(order: Order, *, kind: str, occasion: str, **data: Any) -> None:
    """To the ordering member, unless it does without, and to the accounting contact; one mail when both are
    the same address."""
    contact, member = contact_of(order.customer).email, _told(order, kind)
    enqueue(occasion=f"{occasion}:contact", kind=kind, reference=order.pk, to="contact", **data)
    if member and member.lower() != contact.lower():
        enqueue(occasion=f"{occasion}:member", kind=kind, reference=order.pk, to="member", **data)


def _told(order: Order, kind: str) -> str:
    """The ordering member's address; empty: it has left, or wants no such mail."""
    member = order.member
    if member is None or not member.is_active or kind in member.unwanted_mails:
        return ""
    return str(member.user.email)
