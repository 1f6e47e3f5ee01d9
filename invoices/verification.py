"""What must hold between documents and the ledger; `./manage.py verify_ledger` asks it."""

from __future__ import annotations

from functools import partial

from ledger.selectors import differing
from ledger.verification import register


def register_checks() -> None:
    for name, query in _CHECKS.items():
        register(name, partial(differing, name, query))


# A payment statement is not booked: its delivery notes were.
_BOOKED = """
SELECT d.number || ' in the ledger',
       coalesce(sum(l.amount) FILTER (WHERE l.account = 'receivable'), 0), d.total
FROM invoices_document d
LEFT JOIN ledger_entry e ON e.tenant_id = d.tenant_id AND e.reason = 'document' AND e.source_id = d.id
LEFT JOIN ledger_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id
WHERE d.tenant_id = %(tenant)s AND d.kind <> 'payment_statement'
GROUP BY d.id, d.number, d.total, d.net_total, d.tax_total, d.booked_on, e.booked_on
HAVING e.booked_on IS DISTINCT FROM d.booked_on
    OR coalesce(sum(l.amount) FILTER (WHERE l.account = 'receivable'), 0) <> d.total
    OR coalesce(sum(l.amount) FILTER (WHERE l.account = 'sales'), 0) <> -d.net_total
    OR coalesce(sum(l.amount) FILTER (WHERE l.account = 'tax_payable'), 0) <> -d.tax_total
ORDER BY d.id
"""

_ENTRIES_OF_NO_DOCUMENT = """
SELECT 'entry ' || e.id || ' of document ' || e.source_id, 1, 0 FROM ledger_entry e
WHERE e.tenant_id = %(tenant)s AND e.reason = 'document' AND NOT EXISTS (
    SELECT FROM invoices_document d WHERE d.tenant_id = e.tenant_id AND d.id = e.source_id)
ORDER BY e.id
"""

_TAXES = """
WITH lines AS (
    SELECT document_id, tax_category, tax_rate, sum(amount) AS amount FROM invoices_documentline
    WHERE tenant_id = %(tenant)s GROUP BY document_id, tax_category, tax_rate
), taxes AS (
    SELECT t.document_id, t.tax_category, t.tax_rate,
           CASE WHEN d.tax_inclusive THEN t.net + t.tax ELSE t.net END AS amount
    FROM invoices_documenttax t JOIN invoices_document d ON d.tenant_id = t.tenant_id AND d.id = t.document_id
    WHERE t.tenant_id = %(tenant)s
)
SELECT d.number || ' ' || coalesce(l.tax_category, t.tax_category)
           || coalesce(' ' || coalesce(l.tax_rate, t.tax_rate) || ' %%', ''),
       coalesce(t.amount, 0), coalesce(l.amount, 0)
FROM lines l FULL JOIN taxes t ON t.document_id = l.document_id AND t.tax_category = l.tax_category
    AND coalesce(t.tax_rate, -1) = coalesce(l.tax_rate, -1)
JOIN invoices_document d ON d.tenant_id = %(tenant)s AND d.id = coalesce(l.document_id, t.document_id)
WHERE d.kind <> 'payment_statement' AND coalesce(t.amount, 0) <> coalesce(l.amount, 0) ORDER BY d.id
"""

_TOTALS = """
SELECT d.number || ' total', d.total, sum(t.net + t.tax)
FROM invoices_document d JOIN invoices_documenttax t ON t.tenant_id = d.tenant_id AND t.document_id = d.id
WHERE d.tenant_id = %(tenant)s GROUP BY d.id, d.number, d.total, d.net_total, d.tax_total
HAVING d.net_total <> sum(t.net) OR d.tax_total <> sum(t.tax) ORDER BY d.id
"""

_OPEN = """
SELECT d.number || ' still to pay', i.open_amount, d.total - coalesce(sum(a.amount), 0)
FROM invoices_openitem i
JOIN invoices_document d ON d.tenant_id = i.tenant_id AND d.id = i.document_id
LEFT JOIN invoices_allocation a ON a.tenant_id = i.tenant_id AND a.document_id = i.document_id
WHERE i.tenant_id = %(tenant)s GROUP BY d.id, d.number, d.total, i.id, i.open_amount
HAVING i.open_amount <> d.total - coalesce(sum(a.amount), 0) ORDER BY d.id
"""

_RECEIVABLE = """
SELECT 'receivable of customer ' || c.code, coalesce(b.receivable, 0), coalesce(i.open, 0)
FROM accounts_customer c
LEFT JOIN ledger_customerbalance b ON b.tenant_id = c.tenant_id AND b.customer_id = c.id
LEFT JOIN (SELECT customer_id, sum(open_amount) AS open FROM invoices_openitem
           WHERE tenant_id = %(tenant)s GROUP BY customer_id) i ON i.customer_id = c.id
WHERE c.tenant_id = %(tenant)s AND coalesce(b.receivable, 0) <> coalesce(i.open, 0) ORDER BY c.code
"""

_NUMBERS = """
SELECT d.kind || ' ' || d.year || ' numbers to ' || max(d.serial), count(*), coalesce(max(k.last), 0)
FROM invoices_document d
LEFT JOIN invoices_numbercounter k ON k.tenant_id = d.tenant_id AND k.kind = d.kind AND k.year = d.year
WHERE d.tenant_id = %(tenant)s GROUP BY d.kind, d.year
HAVING count(*) <> max(d.serial) OR min(d.serial) <> 1 OR max(d.serial) IS DISTINCT FROM max(k.last)
ORDER BY d.kind, d.year
"""

_BILLED_TWICE = """
SELECT 'documents that bill charge ' || charge_id, count(*), 1 FROM invoices_documentline
WHERE tenant_id = %(tenant)s GROUP BY charge_id HAVING count(*) > 1 ORDER BY charge_id
"""

# What a correction books away is what stood of the document it replaces: that and its return invoices.
_CORRECTED = """
SELECT n.number || ' replaces ' || d.number, coalesce(booked.amount, 0), -stood.total
FROM invoices_document n
JOIN invoices_document d ON d.tenant_id = n.tenant_id AND d.id = n.original_id
CROSS JOIN LATERAL (
    SELECT sum(s.total) AS total FROM invoices_document s
    WHERE s.tenant_id = n.tenant_id
      AND (s.id = d.id OR s.original_id = d.id AND s.kind = 'return_invoice')
) AS stood
LEFT JOIN LATERAL (
    SELECT sum(l.amount) FILTER (WHERE l.account = 'receivable') AS amount
    FROM ledger_entry e JOIN ledger_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id
    WHERE e.tenant_id = n.tenant_id AND e.reason = 'corrected' AND e.source_id = n.id
) AS booked ON true
WHERE n.tenant_id = %(tenant)s AND n.kind = 'corrected_invoice'
  AND coalesce(booked.amount, 0) <> -stood.total
ORDER BY n.id
"""

_CHECKS = {
    "documents are booked once, with their figures": _BOOKED,
    "corrections book away what stood": _CORRECTED,
    "booked documents exist": _ENTRIES_OF_NO_DOCUMENT,
    "sums per rate equal the lines": _TAXES,
    "totals equal the sums per rate": _TOTALS,
    "what is open equals total less allocations": _OPEN,
    "receivable equals what is open": _RECEIVABLE,
    "numbers have no gaps": _NUMBERS,
    "charges are billed once": _BILLED_TWICE,
}
