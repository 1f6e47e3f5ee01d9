"""What is owed by age, and what was billed by month; asked in the tenant's context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.db.models.expressions import RawSQL

from billing_project.calendar import Month
from billing_project.tenancy.context import current_tenant_id
from invoices.models import Document, DocumentKind, OpenItem
from ledger.models import Entry, Reason
from ledger.reports import register_figure

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


@dataclass(frozen=True, slots=True)
class CustomerAges:
    """What a customer owed, in yen: by age in their order, and in all."""

    customer_id: int
    code: str
    name: str
    amounts: tuple[int, ...]
    total: int


def aged_receivables(day: date) -> dict[Age, Aged]:
    """What was owed at the end of the day, by date of account and by the due dates of today."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_DUE, _parameters(day))
        return by_age(cursor.fetchall(), day)


def aged_by_customer(day: date, most: int | None = None) -> tuple[list[CustomerAges], int]:
    """The same by customer, the largest sum first, and how many customers there are; at most so many."""
    bounds = {f"over_{limit}": day - timedelta(days=limit) for limit, _age in _LIMITS}
    with connection.cursor() as cursor:
        cursor.execute(_BY_CUSTOMER, {**_parameters(day), **bounds, "most": most})
        rows = cursor.fetchall()
    found = [
        CustomerAges(pk, code, name, tuple(map(int, amounts)), int(total))
        for pk, code, name, *amounts, total, _all in rows
    ]
    return found, rows[0][-1] if rows else 0


@register_figure("age")
def entries_of_age(age: str, day: str, customer: str = "") -> QuerySet[Any]:
    """The entries of the documents that were open at that age; `customer` its id."""
    asked = _parameters(date.fromisoformat(day))
    first, last = _bounds(Age(age), date.fromisoformat(day))
    asked |= {"first": first, "last": last, "never": Age(age) == Age.NOT_DUE, "customer": int(customer or 0)}
    return Entry.objects.filter(reason=Reason.DOCUMENT, source_id__in=_raw(_DOCUMENTS, asked))


def _raw(query: str, asked: dict[str, Any]) -> RawSQL:
    """Django's own parameters have no names, so ours lose theirs."""
    names = _NAMED.findall(query)
    return RawSQL(_NAMED.sub("%s", query), [asked[name] for name in names])  # noqa: S611 - ours alone


_NAMED = re.compile(r"%\((\w+)\)s")


def _bounds(age: Age, day: date) -> tuple[date, date]:
    """The first and the last due date of the age."""
    if age == Age.NOT_DUE:
        return day, date.max
    most = {each: limit for limit, each in _LIMITS}
    newest = {Age.TO_30: 1, Age.TO_60: 31, Age.TO_90: 61, Age.OLDER: 91}[age]
    oldest = day - timedelta(days=most[age]) if age in most else date.min
    return oldest, day - timedelta(days=newest)


def _parameters(day: date) -> dict[str, Any]:
    return {"tenant": current_tenant_id(), "day": day}


# What is open now, what was paid later given back, documents booked later left out. Apart from those paid
# later only what is open is read, which an index holds: most documents of a year are paid.
_OPEN = """
WITH later AS (
    SELECT id, reason, source_id FROM ledger_entry WHERE tenant_id = %(tenant)s AND booked_on > %(day)s
), paid_later AS (
    SELECT a.document_id, sum(a.amount)::bigint AS amount
    FROM invoices_allocation a JOIN later ON later.id = a.entry_id
    WHERE a.tenant_id = %(tenant)s GROUP BY a.document_id
), owed AS (
    SELECT customer_id, document_id, due_on, open_amount
    FROM invoices_openitem WHERE tenant_id = %(tenant)s AND open_amount > 0
    UNION ALL
    SELECT i.customer_id, i.document_id, i.due_on, i.open_amount
    FROM paid_later p JOIN invoices_openitem i ON i.tenant_id = %(tenant)s AND i.document_id = p.document_id
    WHERE i.open_amount = 0
), items AS (
    SELECT i.customer_id, i.document_id, i.due_on, i.open_amount + coalesce(p.amount, 0) AS amount
    FROM owed i LEFT JOIN paid_later p ON p.document_id = i.document_id
    WHERE i.open_amount + coalesce(p.amount, 0) <> 0
      AND NOT EXISTS (SELECT FROM later WHERE later.reason = 'document' AND later.source_id = i.document_id)
)
"""

_BY_DUE = f"{_OPEN} SELECT due_on, sum(amount), count(*) FROM items GROUP BY due_on"  # noqa: S608

# Ages are worked out and names read only for those who are shown: ten thousand may owe something.
_BY_CUSTOMER = f"""{_OPEN}, largest AS (
    SELECT customer_id, sum(amount) AS total, count(*) OVER () AS customers
    FROM items GROUP BY customer_id ORDER BY total DESC, customer_id LIMIT %(most)s
), aged AS (
    SELECT i.customer_id,
           coalesce(sum(amount) FILTER (WHERE due_on >= %(day)s OR due_on IS NULL), 0) AS not_due,
           coalesce(sum(amount) FILTER (WHERE due_on < %(day)s AND due_on >= %(over_30)s), 0) AS to_30,
           coalesce(sum(amount) FILTER (WHERE due_on < %(over_30)s AND due_on >= %(over_60)s), 0) AS to_60,
           coalesce(sum(amount) FILTER (WHERE due_on < %(over_60)s AND due_on >= %(over_90)s), 0) AS to_90,
           coalesce(sum(amount) FILTER (WHERE due_on < %(over_90)s), 0) AS older
    FROM items i JOIN largest USING (customer_id) GROUP BY i.customer_id
)
SELECT c.id, c.code, c.name, not_due, to_30, to_60, to_90, older, total, customers
FROM largest JOIN aged USING (customer_id)
JOIN accounts_customer c ON c.tenant_id = %(tenant)s AND c.id = customer_id
ORDER BY total DESC, customer_id
"""  # noqa: S608

_DOCUMENTS = f"""{_OPEN}
SELECT document_id FROM items
WHERE (due_on BETWEEN %(first)s AND %(last)s OR %(never)s AND due_on IS NULL)
  AND %(customer)s IN (0, customer_id)
"""  # noqa: S608


def billed_by_month(months: Sequence[Month], numbered: int) -> list[int]:
    """The totals of the documents issued in each month, in yen; `numbered` documents have a number."""
    key = f"billed:{current_tenant_id()}:{months[0]}:{months[-1]}:{numbered}"
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
