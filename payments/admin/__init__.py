"""What operators see and do about money."""

from payments.admin import (
    bank_uploads,
    card_pages,
    cards,
    customers,
    deposits,
    desk,
    dunning,
    files,
    history,
    inbox,
    mappings,
    matching,
    payments,
    payout_files,
    payouts,
    search,
)

__all__ = [
    "bank_uploads",
    "card_pages",
    "cards",
    "customers",
    "deposits",
    "desk",
    "dunning",
    "files",
    "history",
    "inbox",
    "mappings",
    "matching",
    "payments",
    "payout_files",
    "payouts",
    "search",
]
