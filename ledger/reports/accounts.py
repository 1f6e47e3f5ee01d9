"""What went in and out of an account kept per customer, by month, and what stood on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Sum

from billing_project.calendar import Month
from billing_project.tenancy.context import current_tenant_id
from ledger.models import Account, CustomerBalance, Line, Reason
from ledger.reports.kept import by_month

WRITTEN_OFF = (Reason.WRITTEN_OFF, Reason.RECOVERED)


@dataclass(frozen=True, slots=True)
class Movement:
    """A month of an account: sums in yen by column, and the balance at its end (a debit is positive)."""

    month: Month
    sums: dict[str, int]
    balance: int


def billed_and_paid(months: list[Month], last: date) -> list[Movement]:
    """`billed`: documents, returns taken away; `paid`: all else; `written_off`; the balance is owed."""
    return _movements(Account.RECEIVABLE, _BILLED, months, last)


def deposits(months: list[Month], last: date) -> list[Movement]:
    """`credit`: what came in, `debit`: what was used or paid out; as signed as in the books."""
    return _movements(Account.DEPOSIT, _SIDES, months, last)


def balance_on(account: Account, day: date) -> int:
    """The balance of receivable or deposit at the end of the day, debit positive."""
    later = Line.objects.filter(account=account, entry__booked_on__gt=day)
    return _balance_today(account) - int(later.aggregate(sum=Sum("amount", default=0))["sum"])


def held_by_customer(day: date, most: int | None = None) -> tuple[list[tuple[int, str, str, int]], int]:
    """Customers with a deposit at the end of the day: id, number, name, yen; the largest first, and how many.

    At most so many; None: all.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"tenant": current_tenant_id(), "day": day, "most": most})
        rows = cursor.fetchall()
    return [(pk, code, name, int(amount)) for pk, code, name, amount, _all in rows], rows[0][
        -1
    ] if rows else 0


def _movements(account: Account, columns: dict[str, str], months: list[Month], last: date) -> list[Movement]:
    first = months[0].first_day
    sums = by_month(account, first, last, lambda start, end: _sums(account, columns, start, end))
    balance = balance_on(account, last)
    found: list[Movement] = []
    for month in reversed(months):
        moved = sums.get(month) or dict.fromkeys(columns, 0)
        found.append(Movement(month, moved, balance))
        balance -= sum(moved.values())
    return found[::-1]


def _sums(account: Account, columns: dict[str, str], first: date, last: date) -> dict[Month, dict[str, int]]:
    """By month; a month without a line of the account has noughts."""
    asked: dict[str, Any] = {
        "tenant": current_tenant_id(),
        "account": account,
        "first": first,
        "last": last,
        "written_off": list(WRITTEN_OFF),
    }
    chosen = ", ".join(f"coalesce({column}, 0)::bigint" for column in columns.values())
    found: dict[Month, dict[str, int]] = defaultdict(lambda: dict.fromkeys(columns, 0))
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENTS % {"columns": chosen}, asked)
        for day, *sums in cursor.fetchall():
            found[Month.of(day)] = dict(zip(columns, sums, strict=True))
    return found


def _balance_today(account: Account) -> int:
    sign, field = (1, "receivable") if account == Account.RECEIVABLE else (-1, "deposit")
    return sign * int(CustomerBalance.objects.aggregate(sum=Sum(field, default=0))["sum"])


_BILLED = {
    "billed": "sum(l.amount) FILTER (WHERE e.reason = 'document')",
    "paid": "sum(l.amount) FILTER (WHERE e.reason <> 'document' AND e.reason <> ALL (%(written_off)s))",
    "written_off": "sum(l.amount) FILTER (WHERE e.reason = ANY (%(written_off)s))",
}
_SIDES = {
    "credit": "sum(l.amount) FILTER (WHERE l.amount < 0)",
    "debit": "sum(l.amount) FILTER (WHERE l.amount > 0)",
}

_MOVEMENTS = """
SELECT date_trunc('month', e.booked_on)::date, %(columns)s
FROM ledger_line l JOIN ledger_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id
WHERE l.tenant_id = %%(tenant)s AND e.tenant_id = %%(tenant)s AND l.account = %%(account)s
  AND e.booked_on BETWEEN %%(first)s AND %%(last)s
GROUP BY 1
"""

_HELD = """
SELECT c.id, c.code, c.name, b.deposit + coalesce(later.amount, 0) AS held, count(*) OVER ()
FROM ledger_customerbalance b
JOIN accounts_customer c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
LEFT JOIN (
    SELECT l.customer_id, sum(l.amount) AS amount
    FROM ledger_line l JOIN ledger_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id
    WHERE l.tenant_id = %(tenant)s AND e.tenant_id = %(tenant)s AND l.account = 'deposit'
      AND e.booked_on > %(day)s
    GROUP BY l.customer_id
) later ON later.customer_id = b.customer_id
WHERE b.tenant_id = %(tenant)s AND (b.deposit <> 0 OR later.amount <> 0)
  AND b.deposit + coalesce(later.amount, 0) <> 0
ORDER BY held DESC, c.code LIMIT %(most)s
"""
