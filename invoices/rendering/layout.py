"""From a document's content to what the template prints: ready texts, in order. Pure functions."""

import base64
import re
from dataclasses import dataclass
from datetime import time
from typing import Any

from accounts.policy.choices import PriceEntry, TaxCategory
from invoices.rendering.content import Addressee, BankAccount, Issuer, Kind, PrintedDocument, Reference
from invoices.rendering.formats import Dates, dates_of, number, printable, printable_lines, yen
from invoices.rendering.lines import columns_of, figure_length, has_reduced_line, heads_of, row_of
from invoices.rendering.wording import (
    NOT_NUMBERED,
    NOTHING_TO_PAY_NOTE,
    REDUCED_LEGEND,
    STATEMENT_TAX_NOTE,
    TRANSFER_FEE_NOTE,
    UNTAXED,
    WORDING,
)
from invoices.tax import TaxSum

_RUNNING_NAME_LENGTH = 30
_LONG_FIGURE = 14
_LONG_HEADLINE = 13
_KINDS_WITHOUT_ACCOUNTS = frozenset({Kind.QUOTE, Kind.RETURN_INVOICE})


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value."""

    label: str
    value: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class TaxRow:
    """Sums of one rate or category."""

    label: str
    net: str
    tax: str
    gross: str


def view_of(document: PrintedDocument) -> dict[str, Any]:
    """All that the template prints, as texts; what is empty is left out there."""
    columns = columns_of(document)
    dates = dates_of(document.issuer)
    rows = [row_of(line, columns, dates) for line in document.lines]
    tax_rows = _tax_rows(document)
    return {
        **_heading(document, dates),
        "running_head": _running_head(document),
        "addressee": _addressee(document.addressee),
        "issuer": _issuer(document.issuer),
        "references": _references(document, dates),
        "columns": heads_of(columns, rows),
        "rows": rows,
        "tax_label": "消費税額" if document.pricing == PriceEntry.TAX_EXCLUSIVE else "内消費税額",
        "tax_rows": tax_rows,
        "has_long_taxes": _has_long_figure(tax_rows),
        "totals": _totals(document),
        "legend": REDUCED_LEGEND if has_reduced_line(document) else "",
        "accounts": _accounts(document),
        "fee_note": TRANSFER_FEE_NOTE,
        "notes": _notes(document),
        "is_preview": document.is_preview,
    }


def _heading(document: PrintedDocument, dates: Dates) -> dict[str, Any]:
    title, suffix = _split_title(document.title)
    return {
        "title": title,
        "title_suffix": suffix,
        "number": _number(document),
        "issued_on": document.issued_on.isoformat(),
        "facts": _facts(document, title, dates),
        "greeting": WORDING[document.kind].greeting,
        "headline": _headline(document),
        "has_long_headline": figure_length(_headline(document).value) > _LONG_HEADLINE,
    }


def _running_head(document: PrintedDocument) -> str:
    """What stands above the second and later pages: one line, so that loose sheets find together again."""
    title, _ = _split_title(document.title)
    company = printable(document.addressee.company)
    if len(company) > _RUNNING_NAME_LENGTH:
        company = f"{company[:_RUNNING_NAME_LENGTH]}…"
    return f"{title} {_number(document)} {company} 御中"


def _number(document: PrintedDocument) -> str:
    return printable(document.number) or NOT_NUMBERED


def _split_title(title: str) -> tuple[str, str]:
    """`納品書(適格請求書)` → `納品書`, `(適格請求書)`; the second part is printed smaller."""
    match = re.fullmatch(r"([^((]+)(.*)", printable(title))
    return (match[1], match[2]) if match else (printable(title), "")


def _facts(document: PrintedDocument, title: str, dates: Dates) -> list[Fact]:
    facts = [
        Fact(f"{title}番号", _number(document)),
        Fact("発行日", dates.long(document.issued_on)),
    ]
    if document.due_on and _asks_until_a_day(document):
        until = _until(dates.long(document.due_on), document.due_time)
        facts.append(Fact(WORDING[document.kind].due, until, is_strong=True))
    if document.period:
        facts.append(Fact("取引期間", dates.long_period(document.period)))
    if document.payment_method:
        facts.append(Fact("お支払方法", printable(document.payment_method)))
    return facts


def _until(day: str, time: time | None) -> str:
    return day if time is None else f"{day} {time:%H:%M}"


def _asks_until_a_day(document: PrintedDocument) -> bool:
    return document.kind is Kind.QUOTE or document.amount_to_pay > 0


def _headline(document: PrintedDocument) -> Fact:
    wording = WORDING[document.kind]
    amount = document.total if wording.headline_is_total else document.amount_to_pay
    return Fact(wording.headline + _with_tax(document), yen(amount))


def _with_tax(document: PrintedDocument) -> str:
    return "(税込)" if document.bears_tax else ""


def _addressee(addressee: Addressee) -> dict[str, str]:
    return {
        "postcode": printable(addressee.postcode),
        "address": printable(addressee.address),
        "company": printable(addressee.company),
        "contact": _contact(addressee),
    }


def _contact(addressee: Addressee) -> str:
    honoured = f"{addressee.contact} 様" if addressee.contact else ""
    return printable(f"{addressee.department} {honoured}".strip())


def _issuer(issuer: Issuer) -> dict[str, str]:
    return {
        "name": printable(issuer.name),
        "registration_number": issuer.registration_number or "",
        "postcode": printable(issuer.postcode),
        "address": printable(issuer.address),
        "phone": printable(issuer.phone),
        "email": printable(issuer.email),
        "logo": _data_url(issuer.logo),
        "seal": _data_url(issuer.seal),
        "colour": issuer.colour,
    }


def _data_url(png: bytes | None) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}" if png else ""


def _references(document: PrintedDocument, dates: Dates) -> list[Fact]:
    wording = WORDING[document.kind]
    facts = []
    if document.references:
        named = "、".join(_reference(reference, dates) for reference in document.references)
        facts.append(Fact(wording.references, named))
    if document.reason:
        facts.append(Fact(wording.reason, printable(document.reason)))
    return facts


def _reference(reference: Reference, dates: Dates) -> str:
    issued = f"({dates.long(reference.issued_on)}発行)" if reference.issued_on else ""
    return f"{printable(reference.title)} {printable(reference.number)}{issued}".strip()


def _tax_rows(document: PrintedDocument) -> list[TaxRow]:
    return [_tax_row(tax) for tax in document.taxes] if document.bears_tax else []


def _tax_row(tax: TaxSum) -> TaxRow:
    if tax.category in UNTAXED:
        return TaxRow(UNTAXED[tax.category], number(tax.net), "—", number(tax.gross))
    reduced = "(軽減税率)" if tax.category is TaxCategory.REDUCED else ""
    return TaxRow(f"{tax.rate}%対象{reduced}", number(tax.net), number(tax.tax), number(tax.gross))


def _has_long_figure(rows: list[TaxRow]) -> bool:
    """Whether the figures must be set smaller to stand beside each other: from ten billion yen on."""
    figures = (figure for row in rows for figure in (row.net, row.tax, row.gross))
    return any(figure_length(figure) > _LONG_FIGURE for figure in figures)


def _totals(document: PrintedDocument) -> list[Fact]:
    total = Fact(f"合計{_with_tax(document)}", yen(document.total), is_strong=True)
    return [*_parts_of_total(document), total, *_settlement(document)]


def _parts_of_total(document: PrintedDocument) -> list[Fact]:
    if not document.states_tax:
        return []
    if not document.bears_tax:
        return [Fact(UNTAXED[tax.category], yen(tax.gross)) for tax in document.taxes]
    return [
        Fact("小計(税抜)", yen(sum(tax.net for tax in document.taxes))),
        Fact("消費税額", yen(sum(tax.tax for tax in document.taxes))),
    ]


def _settlement(document: PrintedDocument) -> list[Fact]:
    """What lies between the total and the sum to pay (E5, H6); nothing when nothing does."""
    steps = (
        ("前回までの繰越額", document.carried_over),
        ("預り金充当額", -document.deposit_applied),
        ("お支払い済み額", -document.paid_at_issue),
    )
    facts = [Fact(label, yen(amount)) for label, amount in steps if amount]
    return [*facts, Fact("差引ご請求金額", yen(document.amount_to_pay), is_strong=True)] if facts else []


def _accounts(document: PrintedDocument) -> list[BankAccount]:
    if document.kind in _KINDS_WITHOUT_ACCOUNTS or document.amount_to_pay <= 0:
        return []
    return [_printable_account(account) for account in document.issuer.bank_accounts]


def _printable_account(account: BankAccount) -> BankAccount:
    return BankAccount(
        bank=printable(account.bank),
        branch=printable(account.branch),
        kind=printable(account.kind),
        number=printable(account.number),
        holder=printable(account.holder),
    )


def _notes(document: PrintedDocument) -> list[str]:
    notes = []
    if document.kind is Kind.PAYMENT_STATEMENT:
        notes.append(STATEMENT_TAX_NOTE)
    if not WORDING[document.kind].headline_is_total and document.amount_to_pay <= 0:
        notes.append(NOTHING_TO_PAY_NOTE)
    return notes + printable_lines(document.notes)
