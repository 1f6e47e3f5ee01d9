"""Consumption tax: rates by date of supply, sums per rate, returns. Pure; all figures are whole yen.

The tax is rounded once per rate and document, never per line (消費税法施行令 第70条の10; NTA インボイスQ&A,
R6.4 edition). A negative sum is rounded on its absolute value, so that undoing a document gives its figures
with the sign turned (X9).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import PriceEntry, TaxCategory
from billing_project.errors import Code, Refusal
from billing_project.money import Rounding, divide

_RATES: dict[TaxCategory, tuple[tuple[date, int], ...]] = {
    TaxCategory.STANDARD: (
        (date(2019, 10, 1), 10),
        (date(2014, 4, 1), 8),
        (date(1997, 4, 1), 5),
        (date(1989, 4, 1), 3),
    ),
    TaxCategory.REDUCED: ((date(2019, 10, 1), 8),),
}
"""Percent and the day from which it holds, newest first (消費税法 第29条 and its transitional provisions)."""

RatedAmount = tuple[TaxCategory, int | None, int]
"""Category, rate in percent (None without tax), and a sum in yen as the document's prices are."""

_ORDER = {category: index for index, category in enumerate(TaxCategory)}


@dataclass(frozen=True, slots=True)
class TaxLine:
    """What the tax needs to know of a line.

    `amount` is with or without tax, as the prices of the document are. `supplied` is the day of the
    supply; on a return it is the day of the original supply.
    """

    category: TaxCategory
    amount: int
    supplied: date


@dataclass(frozen=True, slots=True)
class TaxSum:
    """The total of one rate on one document. `rate` is in percent, None for a category without tax."""

    category: TaxCategory
    rate: int | None
    net: int
    tax: int

    @property
    def gross(self) -> int:
        return self.net + self.tax

    def base(self, pricing: PriceEntry) -> int:
        """The sum of the lines: net or gross, as prices are."""
        return self.gross if pricing == PriceEntry.TAX_INCLUSIVE else self.net

    def reversed(self) -> "TaxSum":
        return replace(self, net=-self.net, tax=-self.tax)


def rate_on(category: TaxCategory, day: date) -> int | None:
    """The rate in percent for a supply on this day, None for zero, exempt and out of scope.

    Raises Refusal (`no_tax_rate`) for a day on which the category did not exist.
    """
    if category not in _RATES:
        return None
    for since, percent in _RATES[category]:
        if day >= since:
            return percent
    message = _("There is no %(category)s on %(day)s. Please correct the date or the tax category.")
    raise Refusal(Code.NO_TAX_RATE, message, category=str(category.label), day=day.isoformat())


def rates_by_day() -> list[tuple[TaxCategory, date, int]]:
    """Every rate in percent with the day from which it holds, the newest of each category first."""
    return [(category, since, percent) for category, rates in _RATES.items() for since, percent in rates]


def tax_on(amount: int, rate: int | None, pricing: PriceEntry, rounding: Rounding) -> int:
    """The tax on a sum: amount × rate ÷ 100, or for an inclusive sum amount × rate ÷ (100 + rate)."""
    if rate is None:
        return 0
    whole = 100 + rate if pricing == PriceEntry.TAX_INCLUSIVE else 100
    return divide(amount * rate, whole, rounding)


def summarise(lines: Iterable[TaxLine], pricing: PriceEntry, rounding: Rounding) -> list[TaxSum]:
    """The totals per rate of a document, in the order of the categories, then the highest rate first.

    A rate without a line has no total. Raises Refusal (`no_tax_rate`) as `rate_on` does.
    """
    return summarise_rated(_rated(lines), pricing, rounding)


def summarise_rated(amounts: Iterable[RatedAmount], pricing: PriceEntry, rounding: Rounding) -> list[TaxSum]:
    """The same for (category, rate, amount) of lines whose rates have been decided already."""
    return [
        _tax_sum(category, rate, amount, tax_on(amount, rate, pricing, rounding), pricing)
        for (category, rate), amount in _sums(amounts)
    ]


def return_sum(
    original: TaxSum,
    returned: Iterable[TaxSum],
    amount: int,
    pricing: PriceEntry,
    rounding: Rounding,
) -> TaxSum:
    """The total of one rate on a return document, which undoes part of that rate on the original (X9).

    `amount` is the sum of the reversing lines, negative for a sale that is undone; `returned` are the totals
    of this rate on the earlier returns of the same document, with their signs. The return that empties the
    rate takes all the tax that remains; no other takes more than that.
    """
    before = list(returned)
    base_left = original.base(pricing) + sum(total.base(pricing) for total in before)
    tax_left = original.tax + sum(total.tax for total in before)
    tax = tax_on(amount, original.rate, pricing, rounding)
    takes_too_much = _is_part(amount, base_left) and abs(tax) > abs(tax_left)
    if amount == -base_left or takes_too_much:
        tax = -tax_left
    return _tax_sum(original.category, original.rate, amount, tax, pricing)


def summarise_return(
    original: Sequence[TaxSum],
    returned: Iterable[TaxSum],
    lines: Iterable[TaxLine],
    pricing: PriceEntry,
    rounding: Rounding,
) -> list[TaxSum]:
    """The totals per rate of a return document for one original document, in the order of `summarise`.

    `returned` are all totals of the earlier returns of the same document. Raises ValueError for a line whose
    rate the original document does not have.
    """
    before = list(returned)
    return [
        return_sum(_of_rate(original, key), [t for t in before if _key(t) == key], amount, pricing, rounding)
        for key, amount in _sums(_rated(lines))
    ]


_Key = tuple[TaxCategory, int | None]


def _key(total: TaxSum) -> _Key:
    return total.category, total.rate


def _of_rate(totals: Sequence[TaxSum], key: _Key) -> TaxSum:
    for total in totals:
        if _key(total) == key:
            return total
    raise ValueError(f"The original document has no {key[0]} at {key[1]} %.")


def _rated(lines: Iterable[TaxLine]) -> Iterator[RatedAmount]:
    return ((line.category, rate_on(line.category, line.supplied), line.amount) for line in lines)


def _sums(amounts: Iterable[RatedAmount]) -> list[tuple[_Key, int]]:
    """The sum of the lines of each rate, in the order in which documents show them."""
    sums: dict[_Key, int] = {}
    for category, rate, amount in amounts:
        sums[category, rate] = sums.get((category, rate), 0) + amount
    return sorted(sums.items(), key=lambda item: (_ORDER[item[0][0]], -(item[0][1] or 0)))


def _is_part(amount: int, base_left: int) -> bool:
    """Whether the amount takes away from what is left without emptying it or going beyond."""
    return amount * base_left < 0 and abs(amount) < abs(base_left)


def _tax_sum(category: TaxCategory, rate: int | None, amount: int, tax: int, pricing: PriceEntry) -> TaxSum:
    net = amount - tax if pricing == PriceEntry.TAX_INCLUSIVE else amount
    return TaxSum(category, rate, net, tax)
