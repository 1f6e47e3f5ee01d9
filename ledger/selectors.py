"""Questions about the books, asked in the tenant's context."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from billing_project.tenancy.context import current_tenant_id
from ledger.verification import Difference, register


def differing(check: str, query: str) -> Iterator[Difference]:
    """Runs a query that gives (subject, found, expected) for whatever differs; `%(tenant)s` is the tenant."""
    with connection.cursor() as cursor:
        cursor.execute(query, {"tenant": current_tenant_id()})
        for subject, found, expected in cursor.fetchall():
            yield Difference(check, subject, int(found), int(expected))


def unbalanced_entries() -> Iterator[Difference]:
    """Entries whose lines do not add up to zero."""
    return differing("entry balances", _UNBALANCED)


def differing_balances() -> Iterator[Difference]:
    """Customers whose running balances are not the sum of their lines (X5)."""
    return differing("balance equals the ledger", _BALANCES)


def lines_without_customer() -> Iterator[Difference]:
    """Lines of an account that is kept per customer, without a customer."""
    return differing("line names its customer", _NAMELESS)


def differing_reservations() -> Iterator[Difference]:
    """Customers whose reserved deposit is not the sum of their reservations."""
    return differing("reserved equals the reservations", _RESERVED)


def differing_journals() -> Iterator[Difference]:
    """Journal files whose sum is not that of their entries."""
    return differing("journal files equal their entries", _JOURNALS)


def register_checks() -> None:
    register("entries balance", unbalanced_entries)
    register("balances equal the ledger", differing_balances)
    register("lines name their customer", lines_without_customer)
    register("reserved equals the reservations", differing_reservations)
    register("journal files equal their entries", differing_journals)


_UNBALANCED = """
SELECT 'entry ' || e.id || ' of ' || e.booked_on, sum(l.amount), 0
FROM ledger_entry e JOIN ledger_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id
WHERE e.tenant_id = %(tenant)s GROUP BY e.id, e.booked_on HAVING sum(l.amount) <> 0 ORDER BY e.id
"""

_BALANCES = """
WITH kept AS (
    SELECT customer_id, account, amount
    FROM ledger_customerbalance, LATERAL (VALUES
        ('receivable', receivable), ('deposit', deposit), ('payout_payable', payout_payable)
    ) AS of_account (account, amount)
    WHERE tenant_id = %(tenant)s
), booked AS (
    SELECT customer_id, account, sum(CASE account WHEN 'receivable' THEN amount ELSE -amount END) AS amount
    FROM ledger_line
    WHERE tenant_id = %(tenant)s AND account IN ('receivable', 'deposit', 'payout_payable')
      AND customer_id IS NOT NULL
    GROUP BY customer_id, account
)
SELECT account || ' of customer ' || c.code, coalesce(kept.amount, 0), coalesce(booked.amount, 0)
FROM kept FULL JOIN booked USING (customer_id, account)
JOIN accounts_customer c ON c.tenant_id = %(tenant)s AND c.id = customer_id
WHERE coalesce(kept.amount, 0) <> coalesce(booked.amount, 0) ORDER BY c.code, account
"""

_NAMELESS = """
SELECT account || ' line of entry ' || entry_id || ' without customer', amount, 0 FROM ledger_line
WHERE tenant_id = %(tenant)s AND customer_id IS NULL
  AND account IN ('receivable', 'deposit', 'payout_payable')
ORDER BY id
"""

_RESERVED = """
SELECT 'reserved of customer ' || c.code, coalesce(b.reserved, 0), coalesce(r.amount, 0)
FROM accounts_customer c
LEFT JOIN ledger_customerbalance b ON b.tenant_id = c.tenant_id AND b.customer_id = c.id
LEFT JOIN (SELECT customer_id, sum(amount) AS amount FROM ledger_reservation
           WHERE tenant_id = %(tenant)s GROUP BY customer_id) r ON r.customer_id = c.id
WHERE c.tenant_id = %(tenant)s AND coalesce(b.reserved, 0) <> coalesce(r.amount, 0) ORDER BY c.code
"""

_JOURNALS = """
SELECT x.format || ' ' || x.month || '-' || x.number, x.total, coalesce(sum(l.amount), 0)
FROM ledger_journalexport x
LEFT JOIN ledger_journalexported i ON i.tenant_id = x.tenant_id AND i.export_id = x.id
LEFT JOIN ledger_line l ON l.tenant_id = i.tenant_id AND l.entry_id = i.entry_id AND l.amount > 0
WHERE x.tenant_id = %(tenant)s GROUP BY x.id, x.format, x.month, x.number, x.total
HAVING x.total <> coalesce(sum(l.amount), 0) ORDER BY 1
"""
