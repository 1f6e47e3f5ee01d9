"""Whole yen: exact division, reading and writing.

Money is an `int` of yen everywhere. Nothing here touches a float.
"""

import re
from typing import Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from billing_project.errors import Code, InvalidValue, Text

MAX_YEN = 999_999_999_999
"""The largest sum that can be entered, in yen."""

_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－＋−▲△", "0123456789,.-+---")
_MARKS = re.compile(r"^(?P<before>[-+]?)\s*[¥￥\\]?\s*(?P<number>[-+]?[0-9.,]+)\s*円?$")
_NUMBER = re.compile(r"^[0-9]+$|^[0-9]{1,3}(,[0-9]{3})+$")


class Rounding(TextChoices):
    """What becomes of a fraction of a yen. Negative sums are rounded on their absolute value (X9)."""

    FLOOR = "floor", _("round down")
    HALF_UP = "half_up", _("round half up")
    CEIL = "ceil", _("round up")


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """The quotient in whole yen, rounded on its absolute value, so that −x gives exactly −(x).

    The denominator must be positive: ValueError.
    """
    if denominator <= 0:
        raise ValueError(f"The denominator must be positive, not {denominator}.")
    whole, rest = divmod(abs(numerator), denominator)
    whole += _carries(rest, denominator, rounding)
    return -whole if numerator < 0 else whole


def _carries(rest: int, denominator: int, rounding: Rounding) -> bool:
    match rounding:
        case Rounding.FLOOR:
            return False
        case Rounding.HALF_UP:
            return 2 * rest >= denominator
        case Rounding.CEIL:
            return rest > 0


def format_yen(amount: int, *, mark: Literal["円", "￥", ""] = "円", triangle: bool = False) -> str:
    """1,234円 / ￥1,234 / 1,234; a negative sum begins with - or, as accountants write it, with ▲."""
    sign = ("▲" if triangle else "-") if amount < 0 else ""
    digits = f"{abs(amount):,}"
    return f"{sign}{digits}円" if mark == "円" else f"{sign}{mark}{digits}"


def parse_yen(text: str) -> int:
    """Reads what a person typed: 1234, 1,234, ￥1,234, １，２３４円, -500, ▲500.

    Raises InvalidValue (`invalid_amount`) for anything else: fractions, misplaced separators, over 12 digits.
    """
    found = _MARKS.match(text.strip().translate(_FULL_WIDTH))
    if not found:
        raise _unreadable(text, _("“%(text)s” is not an amount in yen. Enter a whole number such as 12,345."))
    sign, digits = _split_sign(found["before"], found["number"], text)
    plain = digits.replace(",", "").lstrip("0") or "0"
    if len(plain) > len(str(MAX_YEN)):
        raise _unreadable(text, _("“%(text)s” is too large. Enter at most 999,999,999,999 yen."))
    return -int(plain) if sign == "-" else int(plain)


def _split_sign(before: str, number: str, text: str) -> tuple[str, str]:
    digits = number.lstrip("+-")
    inner = number[: len(number) - len(digits)]
    if "." in digits:
        raise _unreadable(text, _("“%(text)s” has a fraction. Enter whole yen without a decimal point."))
    if (before and inner) or not _NUMBER.match(digits):
        raise _unreadable(text, _("“%(text)s” is not an amount in yen. Enter a whole number such as 12,345."))
    return before or inner, digits


def _unreadable(text: str, message: Text) -> InvalidValue:
    return InvalidValue(Code.INVALID_AMOUNT, message, text=text)
