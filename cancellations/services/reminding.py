"""Reminding of cancel windows that end soon (A19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import PolicyVersion
from accounts.selectors import policy_of
from billing_project import clock
from billing_project.outbox.services import enqueue
from billing_project.tenancy.lookup import current_tenant
from cancellations import rules
from orders.models import LineState, OrderLine


def any_window_open(day: date) -> bool:
    """Whether there are windows that `remind_of_windows(day)` might remind of."""
    return _open_windows(day).exists()


@transaction.atomic
def remind_of_windows(day: date) -> int:
    """Mails that are due on `day` about cancel windows that end soon; gives their number.

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


def _windows(day: date) -> Iterator[tuple[date, Sequence[int]]]:
    """The last days of the windows that are reminded of on `day`, with the orders that have one."""
    delivered = _open_windows(day)
    orders: dict[date, set[int]] = defaultdict(set)
    versions = delivered.order_by().values_list("order__policy_version").distinct()
    for version in PolicyVersion.objects.filter(pk__in=versions):
        if until := rules.reminded_window(day, policy_of(version)):
            ending = delivered.filter(order__policy_version=version, cancel_until=until)
            orders[until].update(ending.values_list("order_id", flat=True))
    yield from ((until, sorted(ids)) for until, ids in sorted(orders.items()))


def _open_windows(day: date) -> QuerySet[OrderLine]:
    lines: QuerySet[OrderLine] = OrderLine.objects.filter(
        state=LineState.DELIVERED, delivered_on__lte=day, cancel_until__gte=day, order__member__is_active=True
    )
    return lines.exclude(order__member__unwanted_mails__contains=["cancel_window_ends"])


def _remind(order_id: int, until: date) -> None:
    enqueue(
        occasion=f"cancel_window_ends:{order_id}:{until}",
        kind="cancel_window_ends",
        reference=order_id,
        until=until.isoformat(),
    )
