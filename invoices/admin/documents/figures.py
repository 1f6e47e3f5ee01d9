"""A document's page: what it says."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import PaymentMethod
from billing_project.backoffice import cells
from billing_project.backoffice.columns import add_fact
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from invoices.admin.documents.words import standing_label, tax_words
from invoices.models import Document, DocumentLine, DocumentTax
from invoices.panel import given_up, of_open_item, replaced_by
from invoices.rules import kept_until
from invoices.selectors import correction_of

LINES_SHOWN = 200

add_fact(Document, "open_amount", partial(of_open_item, "open_amount"))
add_fact(Document, "written_off", given_up)
add_fact(Document, "open_due", partial(of_open_item, "due_on"))
add_fact(Document, "replaced_by", replaced_by)


@section(Document, order=10)
def document_facts(_request: Any, document: Any) -> Section:
    method = document.payment_method
    return Facts(
        document.get_kind_display(),
        (
            Fact(_("number"), document.number),
            Fact(_("customer"), cells.link(document.customer)),
            Fact(_("addressee"), str(document.addressee)),
            Fact(_("issued"), cells.days(document.issued_on)),
            Fact(_("due"), cells.days(document.open_due or document.due_on)),
            Fact(
                _("payment method"), PaymentMethod(method).label if method in PaymentMethod.values else method
            ),
            Fact(_("payment"), standing_label(document)),
            Fact(_("open (yen)"), cells.yen(document.open_amount)),
            Fact(_("date of account"), cells.days(document.booked_on)),
            Fact(_("closing"), cells.link(document.closing)),
            Fact(_("belongs to"), cells.link(document.original)),
            Fact(_("replaced by"), _replacement(document)),
            Fact(_("reason"), document.reason or "—"),
            Fact(_("kept until"), cells.days(kept_until(document.issued_on))),
        ),
    )


def _replacement(document: Any) -> Any:
    """A link to the corrected document; asked for only where there is one."""
    return cells.link(correction_of(document)) if document.replaced_by else "—"


@section(Document, order=20)
def document_sums(_request: Any, document: Document) -> Section:
    rows: list[tuple[Any, ...]] = [
        (tax_words(tax.tax_category, tax.tax_rate), cells.yen(tax.net), cells.yen(tax.tax))
        for tax in DocumentTax.objects.filter(document=document).order_by("-tax_rate", "pk")
    ]
    rows.append((_("Sum"), cells.yen(document.net_total), cells.yen(document.tax_total)))
    rows.append((_("total (yen)"), cells.yen(document.total), ""))
    for label, amount in (
        (_("carried over (yen)"), document.carried_over),
        (_("deposit applied (yen)"), -document.deposit_applied),
        (_("paid at issue (yen)"), -document.paid_at_issue),
    ):
        if amount:
            rows.append((label, cells.yen(amount), ""))
    rows.append((_("to pay (yen)"), cells.yen(document.to_pay), ""))
    columns = [Column(_("Rate")), Column(_("Net"), numeric=True), Column(_("Tax"), numeric=True)]
    return Table(_("Figures"), columns, rows)


@section(Document, order=30)
def document_lines(_request: Any, document: Document) -> Section:
    lines = list(DocumentLine.objects.filter(document=document).order_by("position")[:LINES_SHOWN])
    columns = [
        Column(_("Date")),
        Column(_("order number")),
        Column(_("description"), leads=True),
        Column(_("quantity"), numeric=True),
        Column(_("unit price (yen)"), numeric=True),
        Column(_("amount (yen)"), numeric=True),
        Column(_("Rate")),
    ]
    return Table(_("Lines"), columns, [_line(line) for line in lines])


def _line(line: DocumentLine) -> tuple[Any, ...]:
    return (
        cells.days(line.transaction_date),
        line.order_number,
        line.description,
        cells.number(line.quantity),
        cells.yen(line.unit_price),
        cells.yen(line.amount),
        tax_words(line.tax_category, line.tax_rate),
    )
