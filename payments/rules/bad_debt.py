"""How a sum written off, or recovered, divides into the net and tax of each rate. Pure; yen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from invoices.tax import TaxSum


def part_of(sums: Sequence[TaxSum], amount: int) -> list[TaxSum]:
    """`amount` yen, with tax, out of these sums per rate: in proportion, and the tax of each share likewise.

    The whole gives exactly the sums; fractions of a yen go to the largest remainders, so that the parts add
    up. ValueError when there is less than the amount.
    """
    whole = sum(each.gross for each in sums)
    if not 0 < amount <= whole:
        raise ValueError(f"{amount} yen cannot be taken of {whole}.")
    shares = _shares([each.gross for each in sums], amount)
    return [_part(each, share) for each, share in zip(sums, shares, strict=True) if share]


def part_returned(left: Sequence[TaxSum], returned: Sequence[TaxSum], amount: int) -> list[TaxSum]:
    """`amount` yen out of what is `left` of a write-off, taken back by a return of these sums.

    Of the return's own rates, as far as the write-off holds that much of each; else in proportion.
    """
    if any(each.gross <= 0 for each in returned) or amount > sum(each.gross for each in returned):
        return part_of(left, amount)
    wanted = part_of(returned, amount)
    has = {(each.category, each.rate): each for each in left}
    fits = all(_holds(has.get((each.category, each.rate)), each) for each in wanted)
    return wanted if fits else part_of(left, amount)


def _holds(whole: TaxSum | None, part: TaxSum) -> bool:
    return whole is not None and part.net <= whole.net and part.tax <= whole.tax


def less(sums: Sequence[TaxSum], taken: Sequence[TaxSum]) -> list[TaxSum]:
    """What is left of the sums per rate; rates with nothing left are left out."""
    gone = {(each.category, each.rate): each for each in taken}
    left = [_minus(each, gone.get((each.category, each.rate))) for each in sums]
    return [each for each in left if each.net or each.tax]


def _shares(amounts: Sequence[int], total: int) -> list[int]:
    whole = sum(amounts)
    shares = [amount * total // whole for amount in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda i: (-(amounts[i] * total % whole), i))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def _part(whole: TaxSum, share: int) -> TaxSum:
    tax = whole.tax * share // whole.gross
    return replace(whole, net=share - tax, tax=tax)


def _minus(whole: TaxSum, taken: TaxSum | None) -> TaxSum:
    if taken is None:
        return whole
    return replace(whole, net=whole.net - taken.net, tax=whole.tax - taken.tax)
