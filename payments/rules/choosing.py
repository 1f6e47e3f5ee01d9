"""Which of a customer's open documents a sum pays, once the customer is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from invoices.rules import Share, share_out
from payments.models import MatchKind

USUAL_FEE = 990
"""Yen; no Japanese bank takes more for a domestic transfer (ours)."""
_NOT_IN_NUMBERS = re.compile(r"[^A-Z0-9]")
MOST_COMBINED = 14
"""Among more open documents than these no combination is looked for: some other one would fit as well."""


@dataclass(frozen=True, slots=True)
class Bill:
    """An open document: what is still to be paid of it, in yen."""

    document_id: int
    open_amount: int
    number: str = ""

    def is_named(self, numbers: AbstractSet[str]) -> bool:
        """Whether the payer gave the number: whole, its digits, or its serial alone."""
        plain = _NOT_IN_NUMBERS.sub("", self.number)
        serial = self.number.rpartition("-")[2]
        return bool(numbers) and not numbers.isdisjoint({plain, re.sub(r"\D", "", plain), serial})


@dataclass(frozen=True, slots=True)
class Choice:
    """What a sum pays. `short` is what is missing by a fee, `written_off` what the tolerance lets go of it.

    `rest` is deposit; all in yen.
    """

    kind: MatchKind
    shares: tuple[Share, ...] = ()
    written_off: tuple[Share, ...] = ()
    rest: int = 0
    short: int = 0

    @property
    def paid(self) -> int:
        return sum(share.amount for share in self.shares)

    @property
    def let_go(self) -> int:
        return sum(share.amount for share in self.written_off)


def choose_documents(
    amount: int, bills: Sequence[Bill], *, named: AbstractSet[str] = frozenset(), tolerance: int = 0
) -> Choice:
    """Divides a sum among bills, which come in order of due date.

    The numbers the payer named come first; then the exact sum of one, of all, of the only combination that
    fits; a sum short by a usual fee or the tenant's tolerance (A11); else the oldest due first.
    """
    by_name = [bill for bill in bills if bill.is_named(named)]
    if by_name:
        return pay_named(amount, by_name, bills, tolerance=tolerance)
    if not bills:
        return Choice(MatchKind.NO_OPEN_DOCUMENT, rest=amount)
    if fitting := _exact(amount, bills):
        return _pay(amount, fitting, bills)
    if short_of := _short_of(amount, bills, max(USUAL_FEE, tolerance)):
        return _pay_short(amount, short_of, tolerance)
    return _pay(amount, (), bills)


def pay_named(amount: int, named: Sequence[Bill], bills: Sequence[Bill], *, tolerance: int = 0) -> Choice:
    """The named bills first, in the order named, then the others; a shortfall by a fee is told apart."""
    missing = _sum(named) - amount
    if 0 < missing <= max(USUAL_FEE, tolerance):
        return _pay_short(amount, named, tolerance)
    return _pay(amount, named, bills)


def _pay(amount: int, first: Sequence[Bill], bills: Sequence[Bill]) -> Choice:
    others = [bill for bill in bills if bill not in first]
    order = [(bill.document_id, bill.open_amount) for bill in (*first, *others)]
    shares, rest = share_out(amount, order)
    return Choice(_kind(shares, rest, dict(order)), shares, rest=rest)


def _kind(shares: Sequence[Share], rest: int, open_amounts: dict[int, int]) -> MatchKind:
    if not shares:
        return MatchKind.NO_OPEN_DOCUMENT
    if rest:
        return MatchKind.OVERPAID
    if any(share.amount < open_amounts[share.document_id] for share in shares):
        return MatchKind.PARTIAL
    return MatchKind.EXACT if len(shares) == 1 else MatchKind.SEVERAL


def _pay_short(amount: int, bills: Sequence[Bill], tolerance: int) -> Choice:
    shares, _ = share_out(amount, [(bill.document_id, bill.open_amount) for bill in bills])
    short = _sum(bills) - amount
    if short > tolerance:
        return Choice(MatchKind.SHORT_BY_FEE, shares, short=short)
    paid = {share.document_id: share.amount for share in shares}
    left = [(bill.document_id, bill.open_amount - paid.get(bill.document_id, 0)) for bill in bills]
    return Choice(MatchKind.SHORT_BY_FEE, shares, share_out(short, left)[0], short=short)


def _exact(amount: int, bills: Sequence[Bill]) -> Sequence[Bill]:
    one = next(([bill] for bill in bills if bill.open_amount == amount), None)
    if one or _sum(bills) == amount:
        return one or bills
    return _only_combination(amount, bills)


def _only_combination(amount: int, bills: Sequence[Bill]) -> Sequence[Bill]:
    """The one set of bills with exactly this sum, empty when there is none or a choice."""
    if not 2 < len(bills) <= MOST_COMBINED or _sum(bills) < amount:
        return ()
    ways: dict[int, list[int]] = {0: [0]}
    for place, bill in enumerate(bills):
        for total, sets in list(ways.items()):
            if (larger := total + bill.open_amount) <= amount:
                found = ways.setdefault(larger, [])
                found += [chosen | 1 << place for chosen in sets][: 2 - len(found)]
    if len(ways.get(amount, ())) != 1:
        return ()
    [chosen] = ways[amount]
    return [bill for place, bill in enumerate(bills) if chosen >> place & 1]


def _short_of(amount: int, bills: Sequence[Bill], most: int) -> Sequence[Bill]:
    """The bill, or all together, that the sum misses by a fee; none when bills of different sums would do."""
    near = [bill for bill in bills if 0 < bill.open_amount - amount <= most]
    if len({bill.open_amount for bill in near}) == 1:
        return near[:1]
    return bills if not near and 0 < _sum(bills) - amount <= most else ()


def _sum(bills: Iterable[Bill]) -> int:
    return sum(bill.open_amount for bill in bills)
