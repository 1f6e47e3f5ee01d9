"""The statements that write a run: counters, documents with lines and taxes, ledger, open items, mails.

They read the tables of `select` and `figures`, and go in the order of locks: balances, counters, open items.
"""

from __future__ import annotations

# In order of customers: whoever books locks the balances in this order.
BALANCES = """
INSERT INTO ledger_customerbalance (tenant_id, customer_id, receivable)
SELECT %(tenant)s, customer_id, sum(total) FROM issue_document GROUP BY customer_id ORDER BY customer_id
ON CONFLICT (tenant_id, customer_id)
DO UPDATE SET receivable = ledger_customerbalance.receivable + EXCLUDED.receivable
"""

# Locked until the commit: whoever wants the next number waits, and a rollback gives all of them back (X2).
COUNTERS = """
INSERT INTO invoices_numbercounter AS counter (tenant_id, kind, year, last)
SELECT %(tenant)s, kind, %(year)s, count(*) FROM issue_document GROUP BY kind ORDER BY kind
ON CONFLICT (tenant_id, kind, year) DO UPDATE SET last = counter.last + EXCLUDED.last
"""

DOCUMENTS = """
INSERT INTO invoices_document (
    tenant_id, id, kind, number, year, serial, customer_id, addressee_id, issuer_id, closing_id, original_id,
    reason, payment_method, issued_on, issued_at, booked_on, due_on, first_transaction_on,
    last_transaction_on, tax_inclusive, tax_rounding, net_total, tax_total, total, carried_over,
    deposit_applied, paid_at_issue, to_pay
)
SELECT %(tenant)s, d.id, d.kind,
       prefix || '-' || %(year)s || '-' || lpad(serial::text, greatest(6, length(serial::text)), '0'),
       %(year)s, serial, customer_id, addressee_id, %(issuer)s, %(closing)s, %(original)s,
       %(reason)s, payment_method, %(issued_on)s, %(now)s, booked_on, due_on, first_on, last_on,
       tax_inclusive, %(rounding)s, net, tax, total, 0, deposit_applied, paid_at_issue,
       total - deposit_applied - paid_at_issue
FROM issue_document d
JOIN invoices_numbercounter counter
  ON counter.tenant_id = %(tenant)s AND counter.kind = d.kind AND counter.year = %(year)s
JOIN unnest(%(kinds)s::text[], %(prefixes)s::text[]) AS series (kind, prefix) ON series.kind = d.kind,
LATERAL (SELECT counter.last - of_kind + rank) AS numbered (serial)
ORDER BY d.id
"""

LINES = """
INSERT INTO invoices_documentline (
    tenant_id, document_id, position, charge_id, order_number, transaction_date, description, service_from,
    service_until, quantity, unit, unit_price, amount, tax_category, tax_rate
)
SELECT %(tenant)s, d.id, position, charge_id, order_number, transaction_date, description, service_from,
       service_until, quantity, unit, unit_price, amount, tax_category, tax_rate
FROM issue_line JOIN issue_document d USING (document) ORDER BY document, position
"""

TAXES = """
INSERT INTO invoices_documenttax (tenant_id, document_id, tax_category, tax_rate, net, tax)
SELECT %(tenant)s, d.id, t.tax_category, t.tax_rate, t.net, t.tax
FROM issue_tax t JOIN issue_document d USING (document) ORDER BY document
"""

ENTRIES = """
INSERT INTO ledger_entry (tenant_id, id, booked_on, reason, source_id, memo, recorded_at)
SELECT %(tenant)s, d.entry_id, d.booked_on, 'document', d.id, stored.number, %(now)s
FROM issue_document d JOIN invoices_document stored ON stored.tenant_id = %(tenant)s AND stored.id = d.id
WHERE stored.id >= (SELECT min(id) FROM issue_document)
ORDER BY d.entry_id
"""

# All lines of an entry in one statement: the database checks at its end that each entry balances.
ENTRY_LINES = """
INSERT INTO ledger_line (tenant_id, entry_id, account, customer_id, tax_category, tax_rate, amount)
SELECT %(tenant)s, entry_id, account, booked.customer_id, booked.tax_category, booked.tax_rate, amount
FROM (
    SELECT document, 'receivable' AS account, customer_id, '' AS tax_category, NULL::smallint AS tax_rate,
           total AS amount FROM issue_document
    UNION ALL SELECT document, 'sales', NULL, tax_category, tax_rate, -net FROM issue_tax
    UNION ALL SELECT document, 'tax_payable', NULL, tax_category, tax_rate, -tax FROM issue_tax
) AS booked JOIN issue_document d USING (document)
WHERE amount <> 0 ORDER BY entry_id
"""

OPEN_ITEMS = """
INSERT INTO invoices_openitem (tenant_id, document_id, customer_id, due_on, open_amount)
SELECT %(tenant)s, id, customer_id, due_on, total - settled FROM issue_document
WHERE total > 0 ORDER BY id
"""

MAILS = """
INSERT INTO outbox_mail (
    tenant_id, occasion, kind, reference, data, state, created_at, not_before, attempts, error, recipient,
    subject, text_body, html_body
)
SELECT %(tenant)s, 'document:' || id || ':issued', 'document_issued', id, '{}', 'waiting', %(now)s, %(now)s,
       0, '', '', '', '', ''
FROM issue_document ORDER BY id
"""

WRITES = (DOCUMENTS, LINES, TAXES, ENTRIES, ENTRY_LINES, OPEN_ITEMS)

SUMMARY = """
SELECT sum(net)::bigint, sum(tax)::bigint, sum(total)::bigint, sum(deposit_applied)::bigint,
       array_agg(id ORDER BY id), coalesce(array_agg(id ORDER BY id) FILTER (WHERE total < 0), '{}')
FROM issue_document
"""
