"""The values of a sales file: text in, value out, or BadValueError with what is wrong and what to do."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.policy.choices import TaxCategory
from billing_project.errors import Refusal
from invoices.tax import rate_on

from .rows import (
    ADDRESS,
    COLUMNS,
    COMPANY,
    CONTACT,
    CUSTOMER,
    DELIVERED,
    EMAIL,
    NUMBER,
    POSTCODE,
    PRODUCT,
    QUANTITY,
    RATES,
    SKU,
    TAX_CLASS,
    TAX_CLASSES,
    UNIT_PRICE,
)

# The first policy of a tenant holds from this day on.
EARLIEST = date(2000, 1, 1)
MAX_QUANTITY = 1_000_000
MAX_UNIT_PRICE = 9_999_999_999
MAX_AMOUNT = 999_999_999_999

_DATE = re.compile(r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})")
_DIGITS = re.compile(r"[0-9]{1,12}")
_POSTCODE = re.compile(r"([0-9]{3})-?([0-9]{4})")
# Controls, invisible and direction-changing characters, private use (外字), and the mark of a lost character.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff0-\uffff]"
)


class BadValueError(Exception):
    """A value that cannot be taken: a stable code, and a message for the person who mends the file."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def _text(max_length: int, *, required: bool = True) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not text and required:
            raise BadValueError("required", _("Nothing is entered here. Fill it in."))
        if len(text) > max_length:
            message = _("%(length)d characters are too many. Shorten it to %(max)d or fewer.")
            raise BadValueError("too_long", message % {"length": len(text), "max": max_length})
        return text

    return parse


@lru_cache(maxsize=4096)
def parse_date(text: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        found = None
    if found is None or found < EARLIEST:
        message = _("“%(value)s” is not a date. Write a day that exists as YYYY/MM/DD, such as 2026/10/31.")
        raise BadValueError("bad_date", message % {"value": shown(text)})
    return found


def parse_quantity(text: str) -> int:
    if _DIGITS.fullmatch(text) and 1 <= int(text) <= MAX_QUANTITY:
        return int(text)
    message = _("“%(value)s” is not a quantity. Write a whole number from 1 to %(max)d in digits alone.")
    raise BadValueError("bad_quantity", message % {"value": shown(text), "max": MAX_QUANTITY})


def parse_price(text: str) -> int:
    if _DIGITS.fullmatch(text) and int(text) <= MAX_UNIT_PRICE:
        return int(text)
    message = _("“%(value)s” is not a price. Write whole yen, 0 to %(max)d, in digits alone without comma.")
    raise BadValueError("bad_price", message % {"value": shown(text), "max": MAX_UNIT_PRICE})


def parse_tax_class(text: str) -> TaxCategory:
    if found := TAX_CLASSES.get(text):
        return found
    message = _("“%(value)s” is not a tax class. Write one of %(known)s.")
    raise BadValueError(
        "unknown_tax_class", message % {"value": shown(text), "known": "、".join(TAX_CLASSES)}
    )


@lru_cache(maxsize=65536)
def parse_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        message = _("“%(value)s” is not a mail address. Write one as in keiri@company.example.")
        raise BadValueError("bad_email", message % {"value": shown(text)}) from None
    return _text(254)(text)


def parse_postcode(text: str) -> str:
    if not text:
        return text
    match = _POSTCODE.fullmatch(text)
    if match is None:
        message = _("“%(value)s” is not a postcode. Write seven digits as in 100-0005, or nothing.")
        raise BadValueError("bad_postcode", message % {"value": shown(text)})
    return f"{match[1]}-{match[2]}"


@lru_cache(maxsize=4096)
def check_tax_on_date(tax_category: TaxCategory, delivered_on: date) -> None:
    """Rates belong to dates: a class that names a rate is refused on a day that has another or none."""
    try:
        rate = rate_on(tax_category, delivered_on)
    except Refusal:
        rate = None
    if rate != RATES.get(tax_category):
        message = _("This tax class does not exist on %(date)s. Correct the date or the tax class.")
        raise BadValueError("tax_not_on_date", message % {"date": f"{delivered_on:%Y/%m/%d}"})


def check_amount(quantity: int, unit_price: int) -> None:
    if quantity * unit_price > MAX_AMOUNT:
        message = _("Quantity times price is more than %(max)d yen. Split the sale into several.")
        raise BadValueError("amount_too_large", message % {"max": MAX_AMOUNT})


def check_printable(text: str) -> None:
    if match := UNPRINTABLE.search(text):
        message = _("The character U+%(code)s cannot be printed. Take it out, or write another for it.")
        raise BadValueError("unprintable_character", message % {"code": f"{ord(match[0]):04X}"})


def shown(text: str) -> str:
    """A file's value in a message: short, and safe for a terminal."""
    return UNPRINTABLE.sub("?", text if len(text) <= 40 else text[:39] + "…")


PARSERS: dict[str, Callable[[str], Any]] = {
    NUMBER: _text(60),
    DELIVERED: parse_date,
    CUSTOMER: _text(40),
    COMPANY: _text(200),
    CONTACT: _text(100),
    EMAIL: parse_email,
    POSTCODE: parse_postcode,
    ADDRESS: _text(300, required=False),
    SKU: _text(60),
    PRODUCT: _text(200),
    QUANTITY: parse_quantity,
    UNIT_PRICE: parse_price,
    TAX_CLASS: parse_tax_class,
}
PARSERS_IN_ORDER = tuple(PARSERS[column] for column in COLUMNS)
