"""How dates, sums and texts are written on paper. Pure functions; documents are in Japanese by law."""

import unicodedata
from datetime import date
from decimal import Decimal

from invoices.rendering.content import Period

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


def long_period(period: Period) -> str:
    """Both ends in words, for the head of a document."""
    return f"{long_date(period.start)}〜{long_date(period.end)}"


def short_period(period: Period) -> str:
    """Both ends in figures, for columns."""
    return f"{short_date(period.start)}〜{short_date(period.end)}"


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
