"""What must hold between payments and the ledger; `./manage.py verify_ledger` asks it."""

from __future__ import annotations

from functools import partial

from ledger.selectors import differing
from ledger.verification import register


def register_checks() -> None:
    for name, query in _CHECKS.items():
        register(name, partial(differing, name, query))


_BOOKED = """
SELECT 'payment ' || p.id || ' in the bank account', coalesce(sum(l.amount), 0), p.amount
FROM payments_payment p
LEFT JOIN ledger_entry e ON e.tenant_id = p.tenant_id AND e.reason = 'payment' AND e.source_id = p.id
LEFT JOIN ledger_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id AND l.account = 'bank'
WHERE p.tenant_id = %(tenant)s
GROUP BY p.id, p.amount HAVING coalesce(sum(l.amount), 0) <> p.amount ORDER BY p.id
"""

_SUSPENSE = """
SELECT 'suspense', -coalesce((SELECT sum(amount) FROM ledger_line
           WHERE tenant_id = %(tenant)s AND account = 'suspense'), 0), waiting.amount
FROM (SELECT coalesce(sum(amount), 0) AS amount FROM payments_payment
      WHERE tenant_id = %(tenant)s AND state = 'unmatched') AS waiting
WHERE -coalesce((SELECT sum(amount) FROM ledger_line
                 WHERE tenant_id = %(tenant)s AND account = 'suspense'), 0) <> waiting.amount
"""

_MATCHED = """
SELECT 'matches of payment ' || p.id, coalesce(sum(m.amount), 0),
       CASE p.state WHEN 'succeeded' THEN p.amount ELSE 0 END
FROM payments_payment p
LEFT JOIN payments_match m ON m.tenant_id = p.tenant_id AND m.payment_id = p.id AND m.undone_at IS NULL
WHERE p.tenant_id = %(tenant)s
GROUP BY p.id, p.amount, p.state
HAVING coalesce(sum(m.amount), 0) <> CASE p.state WHEN 'succeeded' THEN p.amount ELSE 0 END ORDER BY p.id
"""

_CHECKS = {
    "payments are booked once, with their sum": _BOOKED,
    "suspense is what waits to be matched": _SUSPENSE,
    "matches add up to their payment": _MATCHED,
}
