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
GROUP BY p.id, p.amount, p.state
HAVING coalesce(sum(l.amount), 0) <> CASE WHEN p.state IN ('doubtful', 'known') THEN 0 ELSE p.amount END
ORDER BY p.id
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

_PAYOUTS = """
SELECT 'pay-outs of customer ' || c.code, coalesce(b.payout_payable, 0), coalesce(p.net, 0)
FROM accounts_customer c
LEFT JOIN ledger_customerbalance b ON b.tenant_id = c.tenant_id AND b.customer_id = c.id
LEFT JOIN (SELECT customer_id, sum(amount - fee) AS net FROM payments_payout
           WHERE tenant_id = %(tenant)s AND state IN ('asked', 'in_file') GROUP BY customer_id) p
    ON p.customer_id = c.id
WHERE c.tenant_id = %(tenant)s AND coalesce(b.payout_payable, 0) <> coalesce(p.net, 0) ORDER BY c.code
"""

_FILES = """
SELECT 'pay-out file ' || f.id, coalesce(sum(p.amount - p.fee), 0), f.total
FROM payments_payoutfile f
LEFT JOIN payments_payout p ON p.tenant_id = f.tenant_id AND p.file_id = f.id
WHERE f.tenant_id = %(tenant)s AND f.state <> 'discarded'
GROUP BY f.id, f.total HAVING coalesce(sum(p.amount - p.fee), 0) <> f.total ORDER BY f.id
"""

_CHARGED = """
SELECT 'card payment ' || p.id || ' in card clearing', coalesce(sum(l.amount), 0),
       CASE WHEN p.state IN ('succeeded', 'late', 'charged_back') THEN p.amount ELSE 0 END
FROM payments_cardpayment p
LEFT JOIN ledger_entry e ON e.tenant_id = p.tenant_id AND e.reason = 'card_charged' AND e.source_id = p.id
LEFT JOIN ledger_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id AND l.account = 'card_clearing'
WHERE p.tenant_id = %(tenant)s
GROUP BY p.id, p.amount, p.state
HAVING coalesce(sum(l.amount), 0)
    <> CASE WHEN p.state IN ('succeeded', 'late', 'charged_back') THEN p.amount ELSE 0 END
ORDER BY p.id
"""

_REFUNDED = """
SELECT 'card refund ' || r.id || ' out of card clearing', -coalesce(sum(l.amount), 0),
       CASE r.state WHEN 'succeeded' THEN r.amount ELSE 0 END
FROM payments_cardrefund r
LEFT JOIN ledger_entry e ON e.tenant_id = r.tenant_id AND e.source_id = r.id
    AND e.reason IN ('card_refunded', 'card_refund_failed')
LEFT JOIN ledger_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id AND l.account = 'card_clearing'
WHERE r.tenant_id = %(tenant)s
GROUP BY r.id, r.amount, r.state
HAVING -coalesce(sum(l.amount), 0) <> CASE r.state WHEN 'succeeded' THEN r.amount ELSE 0 END ORDER BY r.id
"""

_DISPUTED = """
SELECT 'dispute ' || d.id || ' out of card clearing', -coalesce(sum(l.amount), 0),
       CASE d.state WHEN 'won' THEN 0 ELSE d.amount END
FROM payments_carddispute d
LEFT JOIN ledger_entry e ON e.tenant_id = d.tenant_id AND e.source_id = d.id
    AND e.reason IN ('chargeback', 'chargeback_reversed')
LEFT JOIN ledger_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id AND l.account = 'card_clearing'
WHERE d.tenant_id = %(tenant)s
GROUP BY d.id, d.amount, d.state
HAVING -coalesce(sum(l.amount), 0) <> CASE d.state WHEN 'won' THEN 0 ELSE d.amount END ORDER BY d.id
"""

_GIVEN_BACK = """
SELECT 'given back of card payment ' || p.id, p.refunded, coalesce(sum(r.amount), 0)
FROM payments_cardpayment p
LEFT JOIN payments_cardrefund r ON r.tenant_id = p.tenant_id AND r.payment_id = p.id AND r.state <> 'failed'
WHERE p.tenant_id = %(tenant)s
GROUP BY p.id, p.refunded HAVING p.refunded <> coalesce(sum(r.amount), 0) ORDER BY p.id
"""

_ON_ITS_WAY = """
SELECT 'reserved for card refund ' || r.id, coalesce(v.amount, 0),
       CASE r.state WHEN 'intended' THEN r.amount ELSE 0 END
FROM payments_cardrefund r
LEFT JOIN ledger_reservation v ON v.tenant_id = r.tenant_id AND v.purpose = 'refund' AND v.source_id = r.id
WHERE r.tenant_id = %(tenant)s
  AND coalesce(v.amount, 0) <> CASE r.state WHEN 'intended' THEN r.amount ELSE 0 END ORDER BY r.id
"""

_CHECKS = {
    "card payments are booked once, with their sum": _CHARGED,
    "card refunds are booked once, with their sum": _REFUNDED,
    "disputes are booked, and booked back once won": _DISPUTED,
    "what is given back of a card payment is its refunds": _GIVEN_BACK,
    "refunds under way are reserved": _ON_ITS_WAY,
    "pay-outs not yet executed are payout_payable": _PAYOUTS,
    "pay-outs add up to their file": _FILES,
    "payments are booked once, with their sum": _BOOKED,
    "suspense is what waits to be matched": _SUSPENSE,
    "matches add up to their payment": _MATCHED,
}
