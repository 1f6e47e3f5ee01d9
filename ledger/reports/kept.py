"""Sums of the books by month, kept for as long as nothing is booked into the month.

Entries are only ever added, each with its lines: a month that has as many entries as before, the same one the
last of them, has the same sums. Only the months that changed are added up again. The moment of the last one
counts too: where a backup was put back, other entries are given the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max

from billing_project.calendar import Month
from billing_project.tenancy.context import current_tenant_id
from ledger.models import Entry

KEPT_SECONDS = 24 * 60 * 60
Ask = Callable[[date, date], Mapping[Month, Any]]
"""`ask(first, last)` adds up the entries booked on those days, by month."""


def by_month(figure: str, first: date, last: date, ask: Ask) -> dict[Month, Any]:
    """What `ask` says of each month from the first to the last day; months without entries are left out.

    `figure` names what is asked for.
    """
    keys = _keys(figure, first, last)
    found: dict[str, Any] = cache.get_many(keys.values())
    if missing := [month for month, key in keys.items() if key not in found]:
        fresh = ask(max(first, missing[0].first_day), min(last, missing[-1].last_day))
        added = {keys[month]: fresh[month] for month in missing}
        cache.set_many(added, KEPT_SECONDS)
        found |= added
    return {month: found[key] for month, key in keys.items()}


def _keys(figure: str, first: date, last: date) -> dict[Month, str]:
    """For each month with entries, the days asked for and what entries they have."""
    booked = Entry.objects.filter(booked_on__range=(first, last)).order_by("booked_on")
    counts: dict[Month, tuple[int, int]] = {}
    # By day, as the index has them: to work out the month of each entry takes longer than to count it.
    for day, count, newest in booked.values_list("booked_on").annotate(Count("pk"), Max("pk")):
        before, newest_before = counts.get(Month.of(day), (0, 0))
        counts[Month.of(day)] = before + count, max(newest, newest_before)
    written = dict(
        Entry.objects.filter(pk__in=[newest for _count, newest in counts.values()]).values_list(
            "pk", "recorded_at"
        )
    )
    return {
        month: f"{_days(figure, first, last, month)}:{count}:{newest}:{written[newest].timestamp()}"
        for month, (count, newest) in counts.items()
    }


def _days(figure: str, first: date, last: date, month: Month) -> str:
    return f"books:{current_tenant_id()}:{figure}:{max(first, month.first_day)}:{min(last, month.last_day)}"
