"""What the books say over time, read from the ledger alone: sales and tax, deposits, billed and paid."""

from ledger.reports.accounts import Movement, balance_on, billed_and_paid, deposits, held_by_customer
from ledger.reports.behind import behind, entries_behind, register_figure
from ledger.reports.sales import RateSum, sales_by_month

__all__ = [
    "Movement",
    "RateSum",
    "balance_on",
    "behind",
    "billed_and_paid",
    "deposits",
    "entries_behind",
    "held_by_customer",
    "register_figure",
    "sales_by_month",
]
