"""Which charges a run of documents bills: gathered into the table `issue_line`, one row per line to be."""

from __future__ import annotations

_LINES = """
CREATE TEMP TABLE issue_line ON COMMIT DROP AS
SELECT c.id AS charge_id, c.customer_id, c.addressee_id, c.payment_method, c.tax_inclusive,
       c.order_number, c.transaction_date, c.description, c.service_from, c.service_until,
       c.quantity, c.unit, c.unit_price, c.amount, c.tax_category,
       CASE WHEN %(charges_tax)s THEN c.tax_rate END AS tax_rate,
       CASE WHEN c.reverses_id IS NOT NULL THEN (
           SELECT o.transaction_date FROM invoices_charge o
           WHERE o.tenant_id = %(tenant)s AND o.id = c.reverses_id
       ) END AS original_on,
       dense_rank() OVER documents AS document,
       row_number() OVER (
           PARTITION BY c.customer_id, c.addressee_id, c.payment_method, c.tax_inclusive
           ORDER BY c.transaction_date, c.order_number COLLATE "C", c.id
       ) AS position
FROM invoices_charge c
WHERE c.tenant_id = %(tenant)s AND {which}
WINDOW documents AS (ORDER BY c.customer_id, c.addressee_id, c.payment_method, c.tax_inclusive)
"""

# Asked charge by charge, through the unique index: joined, the planner would read all lines of all years.
_BILLED = (
    "(SELECT true FROM invoices_documentline l WHERE l.tenant_id = %(tenant)s AND l.charge_id = {charge})"
)
_REVERSED = """(SELECT true FROM invoices_charge r
    WHERE r.tenant_id = %(tenant)s AND r.reverses_id = c.id AND r.corrects_id IS NULL)"""
_UNBILLED = f"{_BILLED.format(charge='c.id')} IS NULL"

# A charge made by a correction is the corrected document's, or takes back what the old one billed (X1).
# X4: what was recorded late for an earlier period goes into this one, with its own date.
_IN_PERIOD = """c.recorded_at <= %(closed_at)s AND c.corrects_id IS NULL
  AND (c.billable_from > %(after_on)s AND c.billable_from <= %(closes_on)s
       OR c.billable_from <= %(after_on)s AND c.recorded_at > %(after_at)s)
  AND c.payment_method = ANY(%(methods)s)
  AND (%(customers)s::bigint[] IS NULL OR c.customer_id = ANY(%(customers)s))"""

# A16: a charge undone before any document named it, and its reversal, stay off every document.
_NOT_UNDONE = f"""CASE WHEN c.reverses_id IS NULL THEN {_REVERSED} IS NULL
    ELSE {_BILLED.format(charge="c.reverses_id")} END"""

LINES_OF_CLOSING = _LINES.format(which=f"{_IN_PERIOD} AND {_UNBILLED} AND {_NOT_UNDONE}")
# Of customers whose documents would not be what they must be; what was made of the lines is made anew.
LEAVE_OUT = "DELETE FROM issue_line WHERE customer_id = ANY(%(left_out)s)"
MAKE_ANEW = "DROP TABLE issue_tax, issue_document"

LINES_OF_CHARGES = _LINES.format(which="c.id = ANY(%(charges)s)")
