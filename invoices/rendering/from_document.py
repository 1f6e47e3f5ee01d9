"""From a stored document to what it prints: the same comes out for ever (X1).

Only frozen rows are read, and the customer's corporate number, which is the same company's for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from accounts.models import BankAccount as BankAccountModel
from accounts.models import DateForm
from accounts.policy.choices import PaymentMethod, PriceEntry, TaxCategory
from invoices.models import Document, DocumentLine, DocumentTax, IssuerSnapshot
from invoices.rendering.content import (
    Addressee,
    BankAccount,
    Issuer,
    Kind,
    Line,
    Period,
    PrintedDocument,
    Reference,
    default_title,
)
from invoices.rendering.samples import sample_invoice
from invoices.rendering.wording import PAYMENT_METHODS
from invoices.tax import TaxSum

_PAID_BY_TRANSFER = frozenset(
    {
        PaymentMethod.ADVANCE_TRANSFER,
        PaymentMethod.LATER_TRANSFER,
        PaymentMethod.TRANSFER_OR_KONBINI,
        PaymentMethod.TRANSFER,
    }
)
_SAMPLE_LINES = 8
_ACCOUNT_KINDS = {BankAccountModel.Kind.ORDINARY: "普通", BankAccountModel.Kind.CURRENT: "当座"}
_KINDS_WITH_PERIOD = frozenset(
    {Kind.INVOICE, Kind.CORRECTED_INVOICE, Kind.PAYMENT_STATEMENT, Kind.PLAIN_INVOICE}
)


def content_of(document: Document) -> PrintedDocument:
    """All that an issued document prints. Must be called in its tenant's context."""
    kind = Kind(document.kind)
    taxes = _taxes(document)
    return PrintedDocument(
        kind=kind,
        title=_title(document, taxes),
        number=document.number,
        issued_on=document.issued_on,
        due_on=document.due_on,
        period=_period(kind, document.first_transaction_on, document.last_transaction_on),
        payment_method=PAYMENT_METHODS[PaymentMethod(document.payment_method)],
        issuer=issuer_of(document.issuer, with_accounts=_is_paid_by_transfer(document)),
        addressee=_addressee(document),
        lines=_lines(document),
        taxes=taxes,
        pricing=PriceEntry.TAX_INCLUSIVE if document.tax_inclusive else PriceEntry.TAX_EXCLUSIVE,
        total=document.total,
        carried_over=document.carried_over,
        deposit_applied=document.deposit_applied,
        paid_at_issue=document.paid_at_issue,
        amount_to_pay=document.to_pay,
        references=_references(document),
        reason=document.reason,
        notes=document.issuer.content["document_note"],
    )


def sample_of(snapshot: IssuerSnapshot) -> PrintedDocument:
    """A made-up bill of this issuer, marked as a sample."""
    issuer = issuer_of(snapshot, with_accounts=True)
    notes = snapshot.content["document_note"]
    return replace(sample_invoice(_SAMPLE_LINES, issuer), number="", notes=notes, is_preview=True)


def _title(document: Document, taxes: Sequence[TaxSum]) -> str:
    is_registered = bool(document.issuer.content["registration_number"])
    is_taxable = any(tax.rate is not None for tax in taxes)
    return default_title(Kind(document.kind), qualified=is_registered and is_taxable)


def _period(kind: Kind, first: date, last: date) -> Period | None:
    return Period(first, last) if kind in _KINDS_WITH_PERIOD else None


def _is_paid_by_transfer(document: Document) -> bool:
    """A delivery note without a due date is paid through the statement that names it (S12)."""
    return document.due_on is not None and document.payment_method in _PAID_BY_TRANSFER


def issuer_of(snapshot: IssuerSnapshot, *, with_accounts: bool) -> Issuer:
    """The issuer of a snapshot as it is printed, with the logo, seal and colour of its day."""
    content: dict[str, Any] = snapshot.content
    return Issuer(
        **_look(snapshot),
        name=content["name"],
        registration_number=content["registration_number"] or None,
        charges_tax=content["charges_tax"],
        postcode=content["postcode"],
        address=content["address"],
        phone=content["phone"],
        email=content["email"],
        bank_accounts=tuple(map(_account, content["bank_accounts"])) if with_accounts else (),
    )


def _look(snapshot: IssuerSnapshot) -> dict[str, Any]:
    look = snapshot.branding
    if look is None:
        return {}
    pictures = {name: bytes(content) for name in ("logo", "seal") if (content := getattr(look, name))}
    return {**pictures, "colour": look.colour, "era_dates": look.dates == DateForm.ERA}


def _account(content: dict[str, str]) -> BankAccount:
    return BankAccount(
        bank=f"{content['bank_name']}({content['bank_code']})",
        branch=f"{content['branch_name']}({content['branch_code']})",
        kind=_ACCOUNT_KINDS[BankAccountModel.Kind(content["kind"])],
        number=content["number"],
        holder=content["holder_kana"],
        identifier=":".join(content[name] for name in ("bank_code", "branch_code", "kind", "number")),
    )


def _addressee(document: Document) -> Addressee:
    stored = document.addressee
    return Addressee(
        company=stored.company_name,
        department=stored.department,
        contact=stored.contact_name,
        postcode=stored.postcode,
        address=stored.address,
        corporate_number=document.customer.corporate_number,
    )


def _lines(document: Document) -> tuple[Line, ...]:
    lines = DocumentLine.objects.filter(document=document).select_related("charge__reverses")
    return tuple(map(_line, lines.order_by("position")))


def _line(line: DocumentLine) -> Line:
    return Line(
        description=line.description,
        amount=line.amount,
        supplied_on=line.transaction_date,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        tax_category=TaxCategory(line.tax_category),
        tax_rate=line.tax_rate,
        service_period=_service_period(line),
        original_supplied_on=_original_day(line),
    )


def _service_period(line: DocumentLine) -> Period | None:
    if line.service_from is None or line.service_until is None:
        return None
    return Period(line.service_from, line.service_until)


def _original_day(line: DocumentLine) -> date | None:
    """On a line that returns a supply its day, which the law wants stated beside that of the return."""
    original = line.charge.reverses
    return original.transaction_date if original else None


def _taxes(document: Document) -> tuple[TaxSum, ...]:
    stored = DocumentTax.objects.filter(document=document)
    order = {category: index for index, category in enumerate(TaxCategory)}
    sums = (TaxSum(TaxCategory(tax.tax_category), tax.tax_rate, tax.net, tax.tax) for tax in stored)
    return tuple(sorted(sums, key=lambda tax: (order[tax.category], -(tax.rate or 0))))


def _references(document: Document) -> tuple[Reference, ...]:
    original = document.original
    if original is None:
        return ()
    return (Reference(original.number, _title(original, _taxes(original)), original.issued_on),)
