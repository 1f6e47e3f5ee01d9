"""How dates, sums and texts are written on paper. Pure functions; documents are in Japanese by law."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing_project.eras import era_date, short_era_date
from invoices.rendering.content import Issuer, Period

# Marks that turn the direction of the text around them could make a description read as another one.
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


NEGATIVE_MARK = "▲"


def number(value: int | Decimal) -> str:
    """A number with thousands separators; a negative one is marked ▲, as Japanese accounts do."""
    digits = f"{abs(value):,f}" if isinstance(value, Decimal) else f"{abs(value):,}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"{NEGATIVE_MARK}{digits}" if value < 0 else digits


def yen(value: int) -> str:
    """A sum in yen for running text: `12,345円`."""
    return f"{number(value)}円"


def long_date(day: date) -> str:
    """`2026年11月1日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(day: date) -> str:
    """`2026/11/01`, for columns."""
    return f"{day:%Y/%m/%d}"


@dataclass(frozen=True, slots=True)
class Dates:
    """How a document writes its days: `long` in words, `short` for columns."""

    long: Callable[[date], str]
    short: Callable[[date], str]

    def long_period(self, period: Period) -> str:
        return f"{self.long(period.start)}〜{self.long(period.end)}"

    def short_period(self, period: Period) -> str:
        return f"{self.short(period.start)}〜{self.short(period.end)}"


def dates_of(issuer: Issuer) -> Dates:
    """As the seller has chosen: 2026年11月1日 and 2026/11/01, or 令和8年11月1日 and R8/11/01."""
    return Dates(era_date, short_era_date) if issuer.era_dates else Dates(long_date, short_date)


def printable(text: str) -> str:
    """Text as one line, without control characters and direction marks."""
    if text.isprintable():
        return text
    return "".join(_kept(character) for character in text).strip()


def printable_lines(text: str) -> list[str]:
    """The same for a text of several lines; blank ones are dropped."""
    return [line for line in map(printable, text.splitlines()) if line]


def _kept(character: str) -> str:
    if character in _DIRECTION_MARKS:
        return ""
    if unicodedata.category(character) in _UNPRINTABLE_CATEGORIES:
        return " " if character.isspace() else ""
    return character
