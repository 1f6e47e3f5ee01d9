from payments.selectors.deposits import Held, balance_of, deposits_on
from payments.selectors.payers import customer_of_payer, payer_index, payments_like
from payments.selectors.payments import (
    accounts_paid_into,
    bank_files,
    matches_of,
    payments,
    unmatched_transfers,
)
from payments.selectors.payouts import (
    due_payouts,
    net_of,
    open_payout_files,
    payers_of,
    payout_account_of,
    payout_sender,
    payouts_of,
)
from payments.selectors.suggestions import Suggestion, suggested_among, suggestions, suggestions_for

__all__ = [
    "Held",
    "Suggestion",
    "accounts_paid_into",
    "balance_of",
    "bank_files",
    "customer_of_payer",
    "deposits_on",
    "due_payouts",
    "matches_of",
    "net_of",
    "open_payout_files",
    "payer_index",
    "payers_of",
    "payments",
    "payments_like",
    "payout_account_of",
    "payout_sender",
    "payouts_of",
    "suggested_among",
    "suggestions",
    "suggestions_for",
    "unmatched_transfers",
]
