"""What a document must state by law and by the trade, and whether its figures add up. Pure.

Sources: 消費税法 第57条の4 (適格請求書, 適格返還請求書), NTA インボイスQ&A R6.4; see docs/documents.md.
Closings ask the same in SQL for all documents at once (`services/issuing/checks.py`).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project.errors import Code, Refusal, Text
from billing_project.money import Rounding
from invoices.rendering.content import Kind, Line, PrintedDocument, default_title
from invoices.tax import TaxSum, rate_on, return_sum, tax_on

BLANKS = "".join(
    character
    for character in map(chr, range(1, sys.maxunicode + 1))
    if character.isspace() or unicodedata.category(character) in ("Cc", "Cf")
)
"""Characters that print nothing: a text of these alone is missing."""

_Rate = tuple[TaxCategory | None, int | None]
_REGISTRATION_NUMBER = re.compile(r"T\d{13}", re.ASCII)


class Item(StrEnum):
    """What can be missing or wrong. Stable: programs read it in a refusal's `problems`."""

    ISSUER_NAME = "issuer_name"
    REGISTRATION_NUMBER = "registration_number"
    RECIPIENT = "recipient"
    NUMBER = "number"
    TITLE = "title"
    LINES = "lines"
    DESCRIPTION = "description"
    SUPPLY_DATE = "supply_date"
    ORIGINAL_SUPPLY_DATE = "original_supply_date"
    RATE = "rate"
    TAX_STATED = "tax_stated"
    REFERENCE = "reference"
    REASON = "reason"
    VALID_UNTIL = "valid_until"
    AMOUNT = "amount"
    NET = "net"
    TAX = "tax"
    TOTAL = "total"
    TO_PAY = "to_pay"


WORDS: dict[Item, Text] = {
    Item.ISSUER_NAME: _("the issuer's name is missing"),
    Item.REGISTRATION_NUMBER: _(
        "the registration number is not T and 13 digits, or the seller charges no tax and may not state one"
    ),
    Item.RECIPIENT: _("the recipient's name is missing"),
    Item.NUMBER: _("the document number is missing"),
    Item.TITLE: _("the title does not say what the document is"),
    Item.LINES: _("there is no line"),
    Item.DESCRIPTION: _("a line has no description"),
    Item.SUPPLY_DATE: _("a line has no date of supply"),
    Item.ORIGINAL_SUPPLY_DATE: _("a returned line does not say when it was supplied"),
    Item.RATE: _("the tax rate of a line is not that of its day of supply"),
    Item.TAX_STATED: _("rate or tax is stated where none may be"),
    Item.REFERENCE: _("the document that it refers to is not named"),
    Item.REASON: _("the reason of the correction is missing"),
    Item.VALID_UNTIL: _("it does not say until when it is valid"),
    Item.AMOUNT: _("quantity times price is not the amount of a line"),
    Item.NET: _("the sums per rate are not those of the lines"),
    Item.TAX: _("the tax per rate is not that of the sum of its lines"),
    Item.TOTAL: _("the total is not the sum of its parts"),
    Item.TO_PAY: _("the amount to pay is not the total less what was paid"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One item that a document lacks or has wrong; `customer` names whose document it is."""

    item: Item
    customer: str = ""

    @property
    def words(self) -> str:
        text = str(WORDS[self.item])
        return f"{self.customer}: {text}" if self.customer else text


def problems_of(
    document: PrintedDocument, rounding: Rounding, left_over: Sequence[TaxSum] = ()
) -> list[Problem]:
    """Each item that is missing or wrong, once; an empty list for a document that may be issued.

    `left_over` is what a return invoice finds left of the document it undoes, per rate (X9).
    """
    found = [
        *issuer_problems(
            document.issuer.name, document.issuer.registration_number, charges_tax=document.issuer.charges_tax
        ),
        *_head(document),
        *_of_kind(document),
        *(item for line in document.lines for item in _of_line(document, line)),
        *_figures(document, rounding, left_over),
    ]
    return [Problem(item, document.addressee.company) for item in dict.fromkeys(found)]


def refuse(problems: Iterable[Problem]) -> None:
    """Raises Refusal `not_conforming` that names each problem, when there is one."""
    found = list(problems)
    if not found:
        return
    told: list[dict[str, Any]] = [
        {"item": each.item.value, "customer": each.customer, "message": each.words} for each in found
    ]
    message = _("Not issued, for something is missing or wrong: %(found)s.")
    words = "; ".join(each.words for each in found)
    raise Refusal(Code.NOT_CONFORMING, message, found=words, missing=told)


def is_blank(text: str) -> bool:
    return not text.strip(BLANKS)


def issuer_problems(name: str, registration_number: str | None, *, charges_tax: bool) -> Iterator[Item]:
    """What every document of the issuer would lack; a number of None is one that it does not have."""
    if is_blank(name):
        yield Item.ISSUER_NAME
    number = registration_number
    if number is not None and not (charges_tax and _REGISTRATION_NUMBER.fullmatch(number)):
        yield Item.REGISTRATION_NUMBER


def _head(document: PrintedDocument) -> Iterator[Item]:
    if is_blank(document.addressee.company):
        yield Item.RECIPIENT
    if is_blank(document.number) and not document.is_preview:
        yield Item.NUMBER
    taxable = any(tax.rate is not None for tax in document.taxes)
    qualified = document.issuer.registration_number is not None and taxable
    if document.title != default_title(document.kind, qualified=qualified):
        yield Item.TITLE
    if not document.lines:
        yield Item.LINES


def _of_kind(document: PrintedDocument) -> Iterator[Item]:
    if document.kind is Kind.CORRECTED_INVOICE:
        if not any(reference.number for reference in document.references):
            yield Item.REFERENCE
        if is_blank(document.reason):
            yield Item.REASON
    if document.kind is Kind.QUOTE and document.due_on is None:
        yield Item.VALID_UNTIL
    if document.kind is Kind.PAYMENT_STATEMENT and not all(line.reference for line in document.lines):
        yield Item.REFERENCE


def _of_line(document: PrintedDocument, line: Line) -> Iterator[Item]:
    if is_blank(line.description):
        yield Item.DESCRIPTION
    dated = line.supplied_on or line.service_period or document.period
    if not dated and document.kind is not Kind.QUOTE:
        yield Item.SUPPLY_DATE
    if document.kind is Kind.PAYMENT_STATEMENT:
        return
    if (line.quantity or 0) < 0 and line.original_supplied_on is None:
        yield Item.ORIGINAL_SUPPLY_DATE
    if line.quantity is None or line.unit_price is None or line.quantity * line.unit_price != line.amount:
        yield Item.AMOUNT
    if document.states_tax and not _has_its_rate(document, line):
        yield Item.RATE


def _has_its_rate(document: PrintedDocument, line: Line) -> bool:
    """A return keeps the rate of the day of the original supply; a quote is priced on its own day."""
    if line.tax_category is None:
        return False
    day = line.original_supplied_on or line.supplied_on or document.issued_on
    try:
        return line.tax_rate == rate_on(line.tax_category, day)
    except Refusal:
        return False


def _figures(document: PrintedDocument, rounding: Rounding, left_over: Sequence[TaxSum]) -> Iterator[Item]:
    if document.states_tax:
        yield from _taxes(document, rounding, left_over)
    elif any(tax.rate is not None or tax.tax for tax in document.taxes):
        yield Item.TAX_STATED
    if document.total != _sum(document):
        yield Item.TOTAL
    paid = document.carried_over - document.deposit_applied - document.paid_at_issue
    if document.kind is not Kind.RETURN_INVOICE and document.amount_to_pay != document.total + paid:
        yield Item.TO_PAY


def _sum(document: PrintedDocument) -> int:
    if document.states_tax:
        return sum(tax.gross for tax in document.taxes)
    return sum(line.amount for line in document.lines)


def _taxes(document: PrintedDocument, rounding: Rounding, left_over: Sequence[TaxSum]) -> Iterator[Item]:
    sums: dict[_Rate, int] = {}
    for line in document.lines:
        key = (line.tax_category, line.tax_rate)
        sums[key] = sums.get(key, 0) + line.amount
    stated: dict[_Rate, int] = {
        (tax.category, tax.rate): tax.base(document.pricing) for tax in document.taxes
    }
    if stated != sums or len(stated) < len(document.taxes):
        yield Item.NET
    if any(tax.tax != _tax_of(tax, document, rounding, left_over) for tax in document.taxes):
        yield Item.TAX


def _tax_of(
    stated: TaxSum, document: PrintedDocument, rounding: Rounding, left_over: Sequence[TaxSum]
) -> int:
    """What the stated sum is taxed with; a return takes no more than what is left, and the last all of it."""
    amount = stated.base(document.pricing)
    for left in left_over if document.kind is Kind.RETURN_INVOICE else ():
        if (left.category, left.rate) == (stated.category, stated.rate):
            return return_sum(left, (), amount, document.pricing, rounding).tax
    return tax_on(amount, stated.rate, document.pricing, rounding)
