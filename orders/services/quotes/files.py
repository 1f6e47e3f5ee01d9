"""The file of a quote: made once by the renderer of all documents, kept with its SHA-256."""

from __future__ import annotations

from collections.abc import Callable

from accounts.policy.choices import PriceEntry, TaxCategory
from billing_project.tenancy.lookup import current_tenant
from invoices.rendering import PrintedDocument, render
from invoices.rendering.content import Addressee, Kind, Line, default_title
from invoices.rendering.from_document import issuer_of
from invoices.services.files import PDF, file_fields
from invoices.services.previews import as_preview, rolled_back
from invoices.tax import TaxSum
from orders.models import Quote, QuoteFile, QuoteLine, QuoteTax


def ensure_quote_file(quote: Quote) -> QuoteFile:
    """The PDF of the quote; made now if nobody has made it yet. Two at once make one."""
    return _stored(quote) or _make(quote)


def content_of_quote(quote: Quote) -> PrintedDocument:
    """All that a quote prints."""
    until = quote.valid_until.astimezone(current_tenant().zone)
    return PrintedDocument(
        kind=Kind.QUOTE,
        title=default_title(Kind.QUOTE, qualified=False),
        number=quote.number,
        issued_on=quote.issued_on,
        due_on=until.date(),
        due_time=until.time(),
        issuer=issuer_of(quote.issuer, with_accounts=False),
        addressee=_addressee(quote),
        lines=tuple(_line(line) for line in QuoteLine.objects.filter(quote=quote).order_by("position")),
        taxes=_taxes(quote),
        pricing=PriceEntry.TAX_INCLUSIVE if quote.tax_inclusive else PriceEntry.TAX_EXCLUSIVE,
        total=quote.total,
        amount_to_pay=quote.total,
        notes="\n".join(filter(None, (quote.note, quote.issuer.content["document_note"]))),
    )


def preview_quote(make: Callable[[], Quote]) -> PrintedDocument:
    """What the quote would print that an act would make; whatever act, it is undone."""
    return rolled_back(lambda: as_preview(content_of_quote(make())))


def _stored(quote: Quote) -> QuoteFile | None:
    stored: QuoteFile | None = QuoteFile.objects.filter(quote=quote, media_type=PDF).first()
    return stored


def _make(quote: Quote) -> QuoteFile:
    made = QuoteFile(quote=quote, **file_fields(render(content_of_quote(quote))))
    QuoteFile.objects.bulk_create([made], ignore_conflicts=True)
    stored = _stored(quote)
    assert stored is not None
    return stored


def _addressee(quote: Quote) -> Addressee:
    stored = quote.addressee
    return Addressee(
        company=stored.company_name,
        department=stored.department,
        contact=stored.contact_name,
        postcode=stored.postcode,
        address=stored.address,
    )


def _line(line: QuoteLine) -> Line:
    return Line(
        description=line.description,
        amount=line.amount,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        tax_category=TaxCategory(line.tax_category),
        tax_rate=line.tax_rate,
    )


def _taxes(quote: Quote) -> tuple[TaxSum, ...]:
    stored = QuoteTax.objects.filter(quote=quote).order_by("pk")
    return tuple(TaxSum(TaxCategory(tax.tax_category), tax.tax_rate, tax.net, tax.tax) for tax in stored)
