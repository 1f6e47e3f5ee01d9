"""What is owed by age, and what was billed by month; asked in the tenant's context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.core.cache import cache
from django.db.models import Count, Sum

from billing_project.calendar import Month
from billing_project.tenancy.context import current_tenant_id
from invoices.models import Document, DocumentKind, NumberCounter, OpenItem

KEPT_SECONDS = 24 * 60 * 60


class Age(StrEnum):
    """How long something has been overdue, in days."""

    NOT_DUE = "not_due"
    TO_30 = "1-30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    OLDER = "over_90"


@dataclass(frozen=True, slots=True)
class Aged:
    """An open sum in yen of so many documents."""

    amount: int = 0
    count: int = 0

    def __add__(self, other: Aged) -> Aged:
        return Aged(self.amount + other.amount, self.count + other.count)


def age_of(due_on: date | None, day: date) -> Age:
    """The age on that day; what is due today or never is not overdue."""
    days = (day - due_on).days if due_on else 0
    if days <= 0:
        return Age.NOT_DUE
    return next((age for limit, age in _LIMITS if days <= limit), Age.OLDER)


_LIMITS = ((30, Age.TO_30), (60, Age.TO_60), (90, Age.TO_90))


def owed_by_age(day: date) -> dict[Age, Aged]:
    """What is open now, by the age it has on that day."""
    rows = OpenItem.objects.filter(open_amount__gt=0).order_by().values_list("due_on")
    return by_age(rows.annotate(Sum("open_amount"), Count("pk")), day)


def by_age(rows: Iterable[tuple[date | None, int, int]], day: date) -> dict[Age, Aged]:
    """Adds up (due, yen, documents) by age."""
    ages = dict.fromkeys(Age, Aged())
    for due_on, amount, count in rows:
        ages[age_of(due_on, day)] += Aged(int(amount), count)
    return ages


def billed_by_month(months: Sequence[Month]) -> list[int]:
    """The totals of the documents issued in each month, in yen."""
    issued = NumberCounter.objects.aggregate(all=Sum("last", default=0))["all"]
    key = f"billed:{current_tenant_id()}:{months[0]}:{months[-1]}:{issued}"
    # Documents are only ever added, each with a number: as long as none is, the sums stay.
    sums: dict[str, int] | None = cache.get(key)
    if sums is None:
        sums = _billed(months)
        cache.set(key, sums, KEPT_SECONDS)
    return [sums.get(str(month), 0) for month in months]


def _billed(months: Sequence[Month]) -> dict[str, int]:
    # A payment statement restates its delivery notes.
    documents = Document.objects.exclude(kind=DocumentKind.PAYMENT_STATEMENT)
    days = documents.filter(issued_on__range=(months[0].first_day, months[-1].last_day))
    sums: dict[str, int] = {}
    for day, total in days.order_by().values_list("issued_on").annotate(Sum("total")):
        sums[str(Month.of(day))] = sums.get(str(Month.of(day)), 0) + total
    return sums
