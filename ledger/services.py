"""Booking: the one way into the ledger for a single entry. (Closings book set-wise, in SQL.)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from billing_project import clock
from ledger.models import Account, CustomerBalance, Entry, Line

KEPT_PER_CUSTOMER = {
    Account.RECEIVABLE: ("receivable", 1),
    Account.DEPOSIT: ("deposit", -1),
    Account.PAYOUT_PAYABLE: ("payout_payable", -1),
}


@dataclass(frozen=True)
class Posting:
    """One line to be booked: `amount` in yen, debit positive, credit negative."""

    account: Account
    amount: int
    customer_id: int | None = None
    tax_category: str = ""
    tax_rate: int | None = None


def lock_balance(customer_id: int) -> CustomerBalance:
    """The customer's balances, locked to the end of the transaction; take several in order of id."""
    CustomerBalance.objects.bulk_create([CustomerBalance(customer_id=customer_id)], ignore_conflicts=True)
    balance: CustomerBalance = CustomerBalance.objects.select_for_update().get(customer_id=customer_id)
    return balance


def post(
    *, booked_on: date, reason: str, source_id: int, postings: Sequence[Posting], memo: str = ""
) -> Entry:
    """Books one entry and the customers' running balances in the caller's transaction.

    Lines of zero are left out. Raises ValueError when the lines do not add up to zero, as the database
    would; IntegrityError when `(reason, source_id)` has been booked.
    """
    lines = [posting for posting in postings if posting.amount]
    if sum(posting.amount for posting in lines) or not lines:
        raise ValueError(f"Lines must add up to zero and not be empty: {postings}")
    entry: Entry = Entry.objects.create(
        booked_on=booked_on, reason=reason, source_id=source_id, memo=memo, recorded_at=clock.now()
    )
    Line.objects.bulk_create(
        Line(
            entry=entry,
            account=line.account,
            amount=line.amount,
            customer_id=line.customer_id,
            tax_category=line.tax_category,
            tax_rate=line.tax_rate,
        )
        for line in lines
    )
    _move_balances(lines)
    return entry


def _move_balances(lines: Sequence[Posting]) -> None:
    moves: dict[int, Counter[str]] = {}
    for line in lines:
        if line.account in KEPT_PER_CUSTOMER:
            if line.customer_id is None:
                raise ValueError(f"{line.account} is kept per customer: name the customer.")
            column, sign = KEPT_PER_CUSTOMER[line.account]
            moves.setdefault(line.customer_id, Counter())[column] += sign * line.amount
    for customer_id in sorted(moves):
        lock_balance(customer_id)
        CustomerBalance.objects.filter(customer_id=customer_id).update(
            **{column: F(column) + amount for column, amount in moves[customer_id].items()}
        )
