"""Sales and tax by rate and month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection

from billing_project.calendar import Month
from billing_project.tenancy.context import current_tenant_id
from ledger.reports.kept import by_month


@dataclass(frozen=True, slots=True)
class RateSum:
    """Sales and tax in yen of a month in one category and rate (percent, None without tax)."""

    month: Month
    category: str
    rate: int | None
    net: int
    tax: int


def sales_by_month(first: date, last: date) -> list[RateSum]:
    """By date of account; what was returned and what was written off is taken away from it."""
    return [each for sums in by_month("sales", first, last, _sums).values() for each in sums]


def _sums(first: date, last: date) -> dict[Month, list[RateSum]]:
    found: dict[Month, list[RateSum]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SALES, {"tenant": current_tenant_id(), "first": first, "last": last})
        for day, *others in cursor.fetchall():
            found[Month.of(day)].append(RateSum(Month.of(day), *others))
    return found


# Summed by entry day first: a day has few rates, and the month is worked out once for each.
_SALES = """
WITH days AS (
    SELECT e.booked_on, l.tax_category, l.tax_rate,
           -sum(l.amount) FILTER (WHERE l.account = 'sales') AS net,
           -sum(l.amount) FILTER (WHERE l.account = 'tax_payable') AS tax
    FROM ledger_line l JOIN ledger_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id
    WHERE l.tenant_id = %(tenant)s AND e.tenant_id = %(tenant)s AND l.account IN ('sales', 'tax_payable')
      AND e.booked_on BETWEEN %(first)s AND %(last)s
    GROUP BY e.booked_on, l.tax_category, l.tax_rate
)
SELECT date_trunc('month', booked_on)::date, tax_category, tax_rate,
       coalesce(sum(net), 0)::bigint, coalesce(sum(tax), 0)::bigint
FROM days GROUP BY 1, 2, 3 ORDER BY 1, 3 DESC NULLS LAST, 2
"""
