"""Documents: the list and each one's page. They are frozen: nothing here changes them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from accounts.models import Customer
from accounts.policy.choices import PaymentMethod, TaxCategory
from billing_project import clock
from billing_project.audit.models import ActorKind
from billing_project.backoffice import cells
from billing_project.backoffice.acts import list_of
from billing_project.backoffice.columns import add_fact
from billing_project.backoffice.counting import CountsToLimit
from billing_project.backoffice.filters import DayRangeFilter, SelectFilter, YenRangeFilter
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from billing_project.backoffice.words import ACTIONS, word
from invoices.models import (
    Allocation,
    Document,
    DocumentLine,
    DocumentLink,
    DocumentTax,
)
from invoices.models.archive import AccessLink
from invoices.panel import (
    SOUGHT,
    STANDINGS,
    Standing,
    given_up,
    in_standing,
    of_open_item,
    replaced_by,
    standing_of,
    with_open_item,
)
from invoices.rules import kept_until
from invoices.searching import by_number_or_counterparty
from invoices.selectors import correction_of
from invoices.services.links import is_open
from invoices.timeline import Event, events_of, files_of

SHOWN = 10
LINES_SHOWN = 200
_STANDING_TONES = {
    Standing.OPEN: "info",
    Standing.PARTLY_PAID: "warning",
    Standing.OVERDUE: "danger",
    Standing.PAID: "success",
    Standing.WRITTEN_OFF: "danger",
    Standing.SETTLED: "",
    Standing.REPLACED: "",
}


def tax_words(category: str, rate: int | None) -> str:
    """A tax category as it stands in tables: standard rate 10%."""
    name = str(TaxCategory(category).label) if category in TaxCategory.values else category
    return name if rate is None else f"{name} {rate}%"


def standing_label(document: Any) -> Any:
    standing = standing_of(document, clock.today())
    return cells.label(STANDINGS[standing], _STANDING_TONES[standing])


class StandingFilter(SelectFilter):
    title = _("payment")
    parameter_name = "standing"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, STANDINGS[code]) for code in SOUGHT]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return in_standing(queryset, self.value() or "", clock.today())


@admin.register(Document)
class DocumentAdmin(OperatorAdmin):
    list_display = ("number", "kind_name", "company", "issued", "due", "sum", "open_sum", "standing")
    list_display_links = ("number",)
    search_fields = ("number",)
    search_help_text = _("Beginning of the document number, company, person or customer number")
    paginator = CountsToLimit
    list_filter = (
        ("kind", ChoicesRadioFilter),
        StandingFilter,
        ("issued_on", DayRangeFilter),
        ("total", YenRangeFilter),
    )
    list_select_related = ("customer",)
    page_related = ("customer", "addressee", "closing", "original")
    ordering = ("-issued_on", "-id")
    csv_columns = (
        (_("number"), "number"),
        (_("kind"), "get_kind_display"),
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("issued"), "issued_on"),
        (_("due"), lambda document: document.open_due or document.due_on),
        (_("net (yen)"), "net_total"),
        (_("tax (yen)"), "tax_total"),
        (_("total (yen)"), "total"),
        (_("open (yen)"), lambda document: document.open_amount or 0),
    )

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return with_open_item(super().get_queryset(request))

    def get_search_results(
        self, request: Any, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = by_number_or_counterparty(queryset, search_term) if search_term.strip() else queryset
        return found, False

    @display(description=_("kind"), ordering="kind")
    def kind_name(self, document: Document) -> str:
        return document.get_kind_display()

    @display(description=_("company name"), ordering="customer__name")
    def company(self, document: Any) -> Any:
        return cells.link(document.customer)

    @display(description=_("issued"), ordering="issued_on")
    def issued(self, document: Document) -> str:
        return cells.days(document.issued_on)

    @display(description=_("due"), ordering="open_due")
    def due(self, document: Any) -> str:
        return cells.days(document.open_due or document.due_on)

    @display(description=_("total (yen)"), ordering="total")
    def sum(self, document: Document) -> Any:
        return cells.yen(document.total)

    @display(description=_("open (yen)"), ordering="open_amount")
    def open_sum(self, document: Any) -> Any:
        return cells.yen(document.open_amount)

    @display(description=_("payment"))
    def standing(self, document: Any) -> Any:
        return standing_label(document)


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
        Column(_("description")),
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


@section(Document, order=40)
def document_allocations(_request: Any, document: Document) -> Section:
    found = Allocation.objects.filter(document=document).select_related("entry").order_by("id")
    return Table(
        _("Allocations"),
        [Column(_("Entry")), Column(_("paid by")), Column(_("amount (yen)"), numeric=True)],
        [
            (cells.link(a.entry, cells.days(a.entry.booked_on)), a.get_source_display(), cells.yen(a.amount))
            for a in found
        ],
    )


@section(Document, order=50)
def document_files(_request: Any, document: Document) -> Section:
    return Table(
        _("Files"),
        [Column(_("Type")), Column(_("size (bytes)"), numeric=True), Column("SHA-256"), Column(_("made"))],
        [
            (file.media_type, cells.number(file.size), cells.mono(file.sha256), cells.moments(file.made_at))
            for file in files_of(document)
        ],
        empty=_("Not made yet; it is made with the mail or the first download."),
    )


@section(Document, order=60)
def document_links(_request: Any, document: Document) -> Section:
    found = DocumentLink.objects.filter(document=document).order_by("-created_at")
    return Table(
        _("Links"),
        [Column(_("mailed to")), Column(_("made")), Column(_("expires")), Column(_("state"))],
        [
            (link.email, cells.moments(link.created_at), cells.moments(link.expires_at), link_state(link))
            for link in found
        ],
        empty=_("None: the mail has not been written yet."),
    )


def link_state(link: AccessLink) -> Any:
    if link.revoked_at:
        return cells.label(_("Revoked"))
    return cells.label(_("Open"), "success") if is_open(link) else cells.label(_("Expired"))


@section(Document, order=70)
def document_log(_request: Any, document: Document) -> Section:
    columns = [
        Column(_("when")),
        Column(_("act")),
        Column(_("details")),
        Column(_("who")),
        Column(_("kind of actor")),
        Column(_("from where")),
    ]
    return Table(_("Operation log"), columns, [_event(event) for event in events_of(document)])


def _event(event: Event) -> tuple[Any, ...]:
    return (
        cells.moments(event.at),
        event.title or word(ACTIONS, event.action),
        event.text or "—",
        event.by or "—",
        ActorKind(event.kind).label if event.kind else "—",
        event.address or "—",
    )


@section(Customer, order=40)
def customer_documents(_request: Any, customer: Customer) -> Section:
    found = with_open_item(Document.objects.filter(customer=customer)).order_by("-issued_on", "-id")[:SHOWN]
    columns = [
        Column(_("number")),
        Column(_("issued")),
        Column(_("total (yen)"), numeric=True),
        Column(_("open (yen)"), numeric=True),
        Column(_("payment")),
    ]
    rows = [
        (
            cells.link(d),
            cells.days(d.issued_on),
            cells.yen(d.total),
            cells.yen(d.open_amount),
            standing_label(d),
        )
        for d in found
    ]
    return Table(_("Documents"), columns, rows, more=list_of(Document, f"q={customer.code}"))
