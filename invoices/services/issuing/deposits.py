"""Free deposit pays bills as they are issued (H6): the oldest open bill first, the new ones last."""

from __future__ import annotations

ANY_FREE = """
SELECT EXISTS (
    SELECT FROM ledger_customerbalance b JOIN issue_document d USING (customer_id)
    WHERE b.tenant_id = %(tenant)s AND b.deposit > b.reserved AND d.total > 0
)
"""

LOCK_OPEN_ITEMS = """
SELECT FROM invoices_openitem i
WHERE i.tenant_id = %(tenant)s AND i.open_amount > 0 AND i.customer_id IN (
    SELECT b.customer_id FROM ledger_customerbalance b JOIN issue_document d USING (customer_id)
    WHERE b.tenant_id = %(tenant)s AND b.deposit > b.reserved
)
ORDER BY i.due_on, i.id FOR UPDATE OF i
"""

USES = """
CREATE TEMP TABLE issue_deposit ON COMMIT DROP AS
WITH free AS (
    SELECT customer_id, deposit - reserved AS free FROM ledger_customerbalance
    WHERE tenant_id = %(tenant)s AND deposit > reserved
      AND customer_id IN (SELECT customer_id FROM issue_document)
), bills AS (
    SELECT customer_id, document_id, due_on, id AS item, open_amount FROM invoices_openitem
    JOIN free USING (customer_id) WHERE tenant_id = %(tenant)s AND open_amount > 0
    UNION ALL
    SELECT customer_id, id, due_on, NULL, total FROM issue_document WHERE total > 0
), queued AS (
    SELECT bills.*, free, sum(open_amount) OVER (
        PARTITION BY customer_id ORDER BY due_on, document_id
    ) - open_amount AS before
    FROM bills JOIN free USING (customer_id)
)
SELECT customer_id, document_id, item, least(open_amount, free - before)::bigint AS amount,
       nextval('invoices_allocation_id_seq') AS id, nextval('ledger_entry_id_seq') AS entry_id
FROM queued WHERE before < free
"""

ON_NEW_DOCUMENTS = """
UPDATE issue_document d SET deposit_applied = u.amount, settled = u.amount
FROM issue_deposit u WHERE u.document_id = d.id AND u.item IS NULL
"""

ON_OLD_ITEMS = """
UPDATE invoices_openitem i SET open_amount = i.open_amount - u.amount
FROM issue_deposit u WHERE i.tenant_id = %(tenant)s AND i.id = u.item
"""

ENTRIES = """
INSERT INTO ledger_entry (tenant_id, id, booked_on, reason, source_id, memo, recorded_at)
SELECT %(tenant)s, u.entry_id, %(issued_on)s, 'deposit_used', u.id, d.number, %(now)s
FROM issue_deposit u JOIN invoices_document d ON d.tenant_id = %(tenant)s AND d.id = u.document_id
"""

ENTRY_LINES = """
INSERT INTO ledger_line (tenant_id, entry_id, account, customer_id, tax_category, amount)
SELECT %(tenant)s, entry_id, account, customer_id, '', sign * amount
FROM issue_deposit, (VALUES ('deposit', 1), ('receivable', -1)) AS side (account, sign)
"""

ALLOCATIONS = """
INSERT INTO invoices_allocation (tenant_id, id, document_id, entry_id, source, source_id, amount, recorded_at)
SELECT %(tenant)s, id, document_id, entry_id, 'deposit', entry_id, amount, %(now)s FROM issue_deposit
"""

BALANCES = """
UPDATE ledger_customerbalance b SET receivable = b.receivable - u.amount, deposit = b.deposit - u.amount
FROM (SELECT customer_id, sum(amount) AS amount FROM issue_deposit GROUP BY customer_id) u
WHERE b.tenant_id = %(tenant)s AND b.customer_id = u.customer_id
"""

CUSTOMERS_OF_OLD_ITEMS = "SELECT DISTINCT customer_id FROM issue_deposit WHERE item IS NOT NULL"

BEFORE_DOCUMENTS = (LOCK_OPEN_ITEMS, USES, ON_NEW_DOCUMENTS, ON_OLD_ITEMS)
AFTER_DOCUMENTS = (ENTRIES, ENTRY_LINES, ALLOCATIONS, BALANCES)
