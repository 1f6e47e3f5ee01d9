"""The figures of the documents: tax once per rate (the same as `invoices.tax`), totals, kinds.

The tables `issue_tax` and `issue_document` hold one row per total of a rate and per document to be.
"""

from __future__ import annotations

# On absolute values, so that a sum with its sign turned has the same tax with its sign turned (X9).
_TAX = """sign(amount)::bigint * CASE %(rounding)s
    WHEN 'floor' THEN abs(amount) * rate / whole
    WHEN 'half_up' THEN (2 * abs(amount) * rate + whole) / (2 * whole)
    WHEN 'ceil' THEN (abs(amount) * rate + whole - 1) / whole
END"""

# What is left of each rate of the document that a return undoes, after earlier returns; no rows without one.
_LEFT_OVER = """
    SELECT t.tax_category, t.tax_rate, sum(t.tax)::bigint AS tax_left,
           sum(CASE WHEN d.tax_inclusive THEN t.net + t.tax ELSE t.net END)::bigint AS base_left
    FROM invoices_document d JOIN invoices_documenttax t ON t.tenant_id = d.tenant_id AND t.document_id = d.id
    WHERE d.tenant_id = %(tenant)s
      AND (d.id = %(returns_of)s OR d.original_id = %(returns_of)s AND d.kind = 'return_invoice')
    GROUP BY t.tax_category, t.tax_rate"""

# X9: the return that empties a rate takes the tax that remains, and no other takes more than that.
_TAKES_THE_REST = """amount = -base_left
    OR sign(amount) = -sign(base_left) AND abs(amount) < abs(base_left) AND abs(tax) > abs(tax_left)"""

TAXES = f"""
CREATE TEMP TABLE issue_tax ON COMMIT DROP AS
WITH sums AS (
    SELECT document, tax_category, tax_rate, sum(amount)::bigint AS amount,
           coalesce(tax_rate, 0)::bigint AS rate, bool_and(tax_inclusive) AS tax_inclusive,
           CASE WHEN bool_and(tax_inclusive) THEN 100 + coalesce(tax_rate, 0) ELSE 100 END::bigint AS whole
    FROM issue_line GROUP BY document, tax_category, tax_rate
), rounded AS (
    SELECT *, {_TAX} AS tax FROM sums
), left_over AS ({_LEFT_OVER}), taxed AS (
    SELECT document, rounded.tax_category, rounded.tax_rate, amount, tax_inclusive,
           CASE WHEN {_TAKES_THE_REST} THEN -tax_left ELSE tax END AS tax
    FROM rounded LEFT JOIN left_over l
      ON l.tax_category = rounded.tax_category AND l.tax_rate IS NOT DISTINCT FROM rounded.tax_rate
)
SELECT document, tax_category, tax_rate, CASE WHEN tax_inclusive THEN amount - tax ELSE amount END AS net, tax
FROM taxed
"""  # noqa: S608

DOCUMENTS = """
CREATE TEMP TABLE issue_document ON COMMIT DROP AS
WITH heads AS (
    SELECT document, customer_id, addressee_id, payment_method, tax_inclusive,
           min(transaction_date) AS first_on, max(transaction_date) AS last_on,
           bool_or(tax_rate IS NOT NULL) AS taxed
    FROM issue_line GROUP BY document, customer_id, addressee_id, payment_method, tax_inclusive
), totals AS (
    SELECT document, sum(net)::bigint AS net, sum(tax)::bigint AS tax FROM issue_tax GROUP BY document
), documents AS (
    SELECT *, coalesce(%(kind)s, CASE WHEN net + tax < 0 THEN 'return_invoice'
                                      WHEN taxed THEN 'invoice' ELSE 'plain_invoice' END)::varchar(20) AS kind
    FROM heads JOIN totals USING (document)
)
SELECT *, net + tax AS total, 0::bigint AS settled,
       least(greatest(net + tax, 0), %(from_deposit)s)::bigint AS deposit_applied,
       least(greatest(net + tax, 0), %(paid_before)s)::bigint AS paid_at_issue,
       CASE WHEN %(booked_from)s::date IS NULL THEN %(issued_on)s::date
            ELSE greatest(%(booked_from)s::date, last_on) END AS booked_on,
       row_number() OVER (PARTITION BY kind ORDER BY document) AS rank,
       count(*) OVER (PARTITION BY kind) AS of_kind,
       nextval('invoices_document_id_seq') AS id,
       nextval('ledger_entry_id_seq') AS entry_id
FROM documents LEFT JOIN unnest(%(methods)s::text[], %(due_on)s::date[]) AS due (payment_method, due_on)
     USING (payment_method)
ORDER BY document
"""
