"""Sums without tax, line by line: PINT knows no others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from accounts.policy.choices import PriceEntry, TaxCategory
from invoices.pint.codes import is_taxed
from invoices.rendering.content import Line, PrintedDocument

Rate = tuple[TaxCategory | None, int | None]


def line_nets(document: PrintedDocument) -> list[int]:
    """The sum of each line in yen as PINT states it: without tax, where the tax is stated; else with it.

    Of lines that are priced otherwise they add up to the document's sums per rate: the yen that rounding down
    leaves over go to the lines with the largest remainders, the first of equals.
    """
    taxed = is_taxed(document)
    if not document.taxes or taxed == (document.pricing is PriceEntry.TAX_EXCLUSIVE):
        return [line.amount for line in document.lines]
    nets: dict[Rate, int] = {
        (tax.category, tax.rate): tax.net if taxed else tax.gross for tax in document.taxes
    }
    places: dict[Rate, list[int]] = defaultdict(list)
    for place, line in enumerate(document.lines):
        places[line.tax_category, line.tax_rate].append(place)
    found = [0] * len(document.lines)
    for rate, of_rate in places.items():
        lines = [document.lines[place] for place in of_rate]
        for place, net in zip(of_rate, _share(nets[rate], lines), strict=True):
            found[place] = net
    return found


def _share(net: int, lines: Sequence[Line]) -> list[int]:
    """`net` divided as the lines' amounts are; ValueError where there is a net without an amount."""
    whole = sum(line.amount for line in lines)
    if not whole:
        return _without_tax(net, lines)
    shares = [line.amount * net // whole for line in lines]
    left = net - sum(shares)
    by_remainder = sorted(range(len(lines)), key=lambda place: -(lines[place].amount * net % whole))
    for place in by_remainder[:left]:
        shares[place] += 1
    return shares


def _without_tax(net: int, lines: Sequence[Line]) -> list[int]:
    """Lines that cancel each other out: each without its tax, the same for a sum with its sign turned."""
    if net:
        raise ValueError(f"Lines that add up to nothing cannot have a net of {net}.")
    shares = [
        (1 if line.amount > 0 else -1) * (abs(line.amount) * 100 // (100 + (line.tax_rate or 0)))
        for line in lines
    ]
    shares[-1] -= sum(shares)
    return shares
