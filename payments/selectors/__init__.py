from payments.selectors.payers import customer_of_payer, payer_index
from payments.selectors.payments import bank_files, matches_of, payments, unmatched_transfers
from payments.selectors.suggestions import Suggestion, suggested_among, suggestions

__all__ = [
    "Suggestion",
    "bank_files",
    "customer_of_payer",
    "matches_of",
    "payer_index",
    "payments",
    "suggested_among",
    "suggestions",
    "unmatched_transfers",
]
