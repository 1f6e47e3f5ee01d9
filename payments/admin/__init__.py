"""What operators see and do about money."""

from payments.admin import (
    card_pages,
    cards,
    customers,
    deposits,
    desk,
    dunning,
    files,
    mappings,
    matching,
    payments,
    payout_files,
    payouts,
)

__all__ = [
    "card_pages",
    "cards",
    "customers",
    "deposits",
    "desk",
    "dunning",
    "files",
    "mappings",
    "matching",
    "payments",
    "payout_files",
    "payouts",
]
