"""The list of documents. They are frozen: nothing here changes them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.filters import DayRangeFilter, SelectFilter, YenRangeFilter
from billing_project.backoffice.model_admin import OperatorAdmin
from invoices.admin.documents.words import standing_label
from invoices.models import Document
from invoices.panel import SOUGHT, STANDINGS, in_standing, with_open_item
from invoices.searching import by_number_or_counterparty


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
