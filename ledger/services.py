"""Booking: the one way into the ledger, for one entry or many. (Closings book set-wise, in SQL.)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from billing_project import clock
from billing_project.tenancy.bulk import insert_missing, insert_rows
from billing_project.tenancy.context import current_tenant_id
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


@dataclass(frozen=True)
class NewEntry:
    """An entry to be booked; `(reason, source_id)` says what it came from and is booked once."""

    booked_on: date
    reason: str
    source_id: int
    postings: Sequence[Posting]
    memo: str = ""

    @property
    def lines(self) -> list[Posting]:
        """Its lines without those of zero. ValueError when they do not add up to zero or are none."""
        lines = [posting for posting in self.postings if posting.amount]
        if sum(posting.amount for posting in lines) or not lines:
            raise ValueError(f"Lines must add up to zero and not be empty: {self.postings}")
        return lines


def lock_balance(customer_id: int) -> CustomerBalance:
    """The customer's balances, locked to the end of the transaction; of several take `lock_balances`."""
    return lock_balances([customer_id])[0]


def lock_balances(customer_ids: Iterable[int]) -> list[CustomerBalance]:
    """The customers' balances in order of id, locked to the end of the transaction; made where missing."""
    wanted = sorted(set(customer_ids))
    locked = CustomerBalance.objects.select_for_update().filter(customer_id__in=wanted)
    found = list(locked.order_by("customer_id"))
    if len(found) == len(wanted):
        return found
    known = {balance.customer_id for balance in found}
    insert_missing([CustomerBalance(customer_id=each) for each in wanted if each not in known])
    return list(locked.order_by("customer_id"))


def post(
    *, booked_on: date, reason: str, source_id: int, postings: Sequence[Posting], memo: str = ""
) -> Entry:
    """Books one entry and the customers' running balances in the caller's transaction.

    Lines of zero are left out. Raises ValueError when the lines do not add up to zero, as the database
    would; IntegrityError when `(reason, source_id)` has been booked.
    """
    return post_many([NewEntry(booked_on, reason, source_id, postings, memo)])[0]


def post_many(entries: Sequence[NewEntry]) -> list[Entry]:
    """The same for many entries, in their order, with a few statements in all."""
    lines = [entry.lines for entry in entries]
    now = clock.now()
    booked = insert_rows(
        [
            Entry(
                booked_on=entry.booked_on,
                reason=entry.reason,
                source_id=entry.source_id,
                memo=entry.memo,
                recorded_at=now,
            )
            for entry in entries
        ]
    )
    for start in range(0, len(booked), _ENTRIES_AT_ONCE):
        part = slice(start, start + _ENTRIES_AT_ONCE)
        _write_lines(booked[part], lines[part])
    _move_balances([line for of_entry in lines for line in of_entry])
    return booked


_ENTRIES_AT_ONCE = 5_000


def _write_lines(entries: Sequence[Entry], lines: Sequence[Sequence[Posting]]) -> None:
    """In one statement: the database checks after each that every entry it touched balances."""
    rows = [
        Line(
            entry=entry,
            account=line.account,
            amount=line.amount,
            customer_id=line.customer_id,
            tax_category=line.tax_category,
            tax_rate=line.tax_rate,
        )
        for entry, of_entry in zip(entries, lines, strict=True)
        for line in of_entry
    ]
    insert_rows(rows, at_once=len(rows))


_MOVE = """
UPDATE ledger_customerbalance b
SET receivable = b.receivable + moved.receivable, deposit = b.deposit + moved.deposit,
    payout_payable = b.payout_payable + moved.payout_payable
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS moved (customer_id, receivable, deposit, payout_payable)
WHERE b.tenant_id = %s AND b.customer_id = moved.customer_id
"""


def _move_balances(lines: Sequence[Posting]) -> None:
    moves: dict[int, Counter[str]] = {}
    for line in lines:
        if line.account in KEPT_PER_CUSTOMER:
            if line.customer_id is None:
                raise ValueError(f"{line.account} is kept per customer: name the customer.")
            column, sign = KEPT_PER_CUSTOMER[line.account]
            moves.setdefault(line.customer_id, Counter())[column] += sign * line.amount
    if not moves:
        return
    lock_balances(moves)
    columns = [[move[column] for move in moves.values()] for column, _ in KEPT_PER_CUSTOMER.values()]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [list(moves), *columns, current_tenant_id()])
