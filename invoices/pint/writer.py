"""A printed document as UBL 2.1, in the order of elements that its schema demands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lxml import etree

from accounts.policy.choices import TaxCategory
from invoices.pint import codes
from invoices.pint.nets import line_nets
from invoices.pint.parties import add_parties
from invoices.pint.tree import Node, amount, new_invoice
from invoices.rendering.content import Kind, Line, Period, PrintedDocument

_STANDS_FOR_OTHERS = "請求対象: "


def write_pint(document: PrintedDocument) -> bytes:
    """The document as JP PINT XML in UTF-8. ValueError for a quote or a preview, which are no invoices."""
    if document.kind is Kind.QUOTE or document.is_preview:
        raise ValueError("Only issued documents are written as PINT.")
    root = new_invoice()
    _add_head(root, document)
    _add_references(root, document)
    add_parties(root, document)
    _add_payment(root, document)
    _add_taxes(root, document)
    _add_totals(root, document)
    for number, (line, net) in enumerate(zip(document.lines, line_nets(document), strict=True), start=1):
        _add_line(root, document, number, line, net)
    return bytes(etree.tostring(root.element, xml_declaration=True, encoding="UTF-8"))


def _add_head(root: Node, document: PrintedDocument) -> None:
    specification, kind = codes.specification(document)
    root.text("cbc:CustomizationID", specification)
    root.text("cbc:ProfileID", codes.PROFILE)
    root.text("cbc:ID", document.number)
    root.text("cbc:IssueDate", document.issued_on)
    if document.due_on and document.amount_to_pay > 0:
        root.text("cbc:DueDate", document.due_on)
    root.text("cbc:InvoiceTypeCode", kind)
    if notes := [text for text in (document.title, document.reason, document.notes) if text]:
        root.text("cbc:Note", "\n".join(notes))
    root.text("cbc:DocumentCurrencyCode", "JPY")
    first, last = _period(document)
    period = root.add("cac:InvoicePeriod")
    period.text("cbc:StartDate", first)
    period.text("cbc:EndDate", last)


def _period(document: PrintedDocument) -> tuple[date, date]:
    """From the first to the last day of anything supplied; of a document without days, its issue day."""
    periods = [document.period] if document.period else []
    for line in document.lines:
        if found := line_period(line):
            periods.append(found)
    first = min((period.start for period in periods), default=document.issued_on)
    return first, max((period.end for period in periods), default=document.issued_on)


def _add_references(root: Node, document: PrintedDocument) -> None:
    for reference in document.references:
        place = root.add("cac:BillingReference").add("cac:InvoiceDocumentReference")
        place.text("cbc:ID", reference.number)
        if reference.issued_on:
            place.text("cbc:IssueDate", reference.issued_on)


def _add_payment(root: Node, document: PrintedDocument) -> None:
    """The accounts to pay into, while something is to be paid."""
    if document.amount_to_pay <= 0:
        return
    for account in document.issuer.bank_accounts:
        means = root.add("cac:PaymentMeans")
        means.text("cbc:PaymentMeansCode", codes.CREDIT_TRANSFER)
        place = means.add("cac:PayeeFinancialAccount")
        place.text("cbc:ID", account.identifier)
        place.text("cbc:Name", account.holder)
    if document.payment_method:
        root.add("cac:PaymentTerms").text("cbc:Note", document.payment_method)


def _add_taxes(root: Node, document: PrintedDocument) -> None:
    total = root.add("cac:TaxTotal")
    if not codes.is_taxed(document):
        total.text("cbc:TaxAmount", 0, currencyID="JPY")
        _add_subtotal(total, _total_of_lines(document), 0, codes.OUT_OF_SCOPE, None)
        return
    total.text("cbc:TaxAmount", sum(tax.tax for tax in document.taxes), currencyID="JPY")
    for tax in document.taxes:
        _add_subtotal(total, tax.net, tax.tax, codes.TAX_CATEGORIES[tax.category], tax.rate)


def _add_subtotal(place: Node, net: int, tax: int, category: str, rate: int | None) -> None:
    subtotal = place.add("cac:TaxSubtotal")
    amount(subtotal, "cbc:TaxableAmount", net)
    amount(subtotal, "cbc:TaxAmount", tax)
    _add_category(subtotal.add("cac:TaxCategory"), category, rate)


def _add_category(place: Node, category: str, rate: int | None) -> None:
    place.text("cbc:ID", category)
    if category != codes.OUT_OF_SCOPE:
        place.text("cbc:Percent", rate or 0)
    place.add("cac:TaxScheme").text("cbc:ID", "VAT")


def _total_of_lines(document: PrintedDocument) -> int:
    return sum(line_nets(document))


def _add_totals(root: Node, document: PrintedDocument) -> None:
    net = _total_of_lines(document)
    totals = root.add("cac:LegalMonetaryTotal")
    amount(totals, "cbc:LineExtensionAmount", net)
    amount(totals, "cbc:TaxExclusiveAmount", net)
    amount(totals, "cbc:TaxInclusiveAmount", document.total)
    # What was paid, less what earlier bills left open: negative when more is asked for than the total.
    amount(totals, "cbc:PrepaidAmount", document.total - document.amount_to_pay)
    amount(totals, "cbc:PayableAmount", document.amount_to_pay)


def _add_line(root: Node, document: PrintedDocument, number: int, line: Line, net: int) -> None:
    """A return has a negative quantity and a positive price."""
    quantity, unit = _quantity(line), codes.unit_code(line.unit)
    place = root.add("cac:InvoiceLine")
    place.text("cbc:ID", number)
    place.text("cbc:InvoicedQuantity", quantity, unitCode=unit)
    amount(place, "cbc:LineExtensionAmount", net)
    _add_line_period(place, line)
    if line.reference:
        place.add("cac:DocumentReference").text("cbc:ID", line.reference)
    item = place.add("cac:Item")
    item.text("cbc:Name", line.description or f"{_STANDS_FOR_OTHERS}{line.reference}")
    category = _category(document, line)
    _add_category(item.add("cac:ClassifiedTaxCategory"), category, line.tax_rate)
    _add_price(place.add("cac:Price"), line, net, quantity, unit)


def _quantity(line: Line) -> Decimal:
    if line.quantity is not None:
        return Decimal(line.quantity)
    return Decimal(-1 if line.amount < 0 else 1)


def _add_line_period(place: Node, line: Line) -> None:
    if found := line_period(line):
        period = place.add("cac:InvoicePeriod")
        period.text("cbc:StartDate", found.start)
        period.text("cbc:EndDate", found.end)


def line_period(line: Line) -> Period | None:
    """The period of service, or the day of supply."""
    day = line.supplied_on
    return line.service_period or (Period(day, day) if day else None)


def _category(document: PrintedDocument, line: Line) -> str:
    if not codes.is_taxed(document):
        return codes.OUT_OF_SCOPE
    return codes.TAX_CATEGORIES[line.tax_category or TaxCategory.OUT_OF_SCOPE]


def _add_price(place: Node, line: Line, net: int, quantity: Decimal, unit: str) -> None:
    """Per piece where that gives the net exactly; else the net is the price of the whole quantity."""
    if line.unit_price is not None and line.unit_price * quantity == net:
        price, of = Decimal(line.unit_price), Decimal(1)
    else:
        price, of = Decimal(abs(net)), abs(quantity)
    amount(place, "cbc:PriceAmount", price)
    place.text("cbc:BaseQuantity", of, unitCode=unit)
