"""From an entry of the ledger to rows of debit and credit. Pure: names and lines come in as arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from ledger.journal.defaults import Key, Name
from ledger.models import Account

_HOSTS = (Account.SALES, Account.BAD_DEBT)


@dataclass(frozen=True, slots=True)
class Booked:
    """A line of the ledger: debit positive, credit negative, in yen."""

    account: str
    amount: int
    category: str = ""
    rate: int | None = None
    customer_code: str = ""
    customer_name: str = ""
    tax: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    """An entry of the ledger, with the number that its rows share in the file."""

    number: int
    booked_on: date
    text: str
    lines: Sequence[Booked]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a row: a positive sum in yen, of which so much is tax."""

    account: str
    sub_account: str
    tax_code: str
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A row of the file. `place` is the row's place among the `of` rows of its entry."""

    journal: Journal
    place: int
    of: int
    debit: Side | None
    credit: Side | None


class MissingName(Exception):  # noqa: N818 — what is missing
    """No name for this account, category and rate."""

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.key = key


def with_tax(lines: Sequence[Booked]) -> list[Booked]:
    """Tax goes into the line it belongs to, as programs take it: the sum with tax, and how much of it is tax.

    Tax without such a line of its category, rate and side stays a line of its own.
    """
    kept = [line for line in lines if line.account != Account.TAX_PAYABLE]
    for tax in (line for line in lines if line.account == Account.TAX_PAYABLE):
        host = next((index for index, line in enumerate(kept) if _belongs(tax, line)), None)
        if host is None:
            kept.append(tax)
        else:
            found = kept[host]
            kept[host] = replace(found, amount=found.amount + tax.amount, tax=found.tax + tax.amount)
    return kept


def _belongs(tax: Booked, line: Booked) -> bool:
    same_side = (tax.amount > 0) == (line.amount > 0)
    same_rate = (tax.category, tax.rate) == (line.category, line.rate)
    return line.account in _HOSTS and same_rate and same_side and not line.tax


def rows_of(journal: Journal, names: Mapping[Key, Name]) -> Iterator[JournalRow]:
    """Debits beside credits, in the order they were booked. Raises MissingName."""
    lines = with_tax(journal.lines)
    debits = [side_of(line, names) for line in lines if line.amount > 0]
    credits = [side_of(line, names) for line in lines if line.amount < 0]
    count = max(len(debits), len(credits))
    for place, (debit, credit) in enumerate(zip_longest(debits, credits)):
        yield JournalRow(journal, place, count, debit, credit)


def side_of(line: Booked, names: Mapping[Key, Name]) -> Side:
    """The line under the tenant's names. Raises MissingName for one that has none, or an empty one."""
    key = (line.account, line.category, line.rate) if line.account in _HOSTS else (line.account, "", None)
    name = names.get(key)
    if name is None or not name.account:
        raise MissingName(key)
    is_return = line.account == Account.SALES and line.amount > 0
    code = name.return_tax_code if is_return else name.tax_code
    sub = name.sub_account.replace("{code}", line.customer_code).replace("{name}", line.customer_name)
    return Side(name.account, sub, code, abs(line.amount), abs(line.tax))
