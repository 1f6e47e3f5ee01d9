"""The books, to be read; and what each customer owes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter
from unfold.decorators import display

from accounts.models import Customer
from billing_project.backoffice import cells
from billing_project.backoffice.columns import ListColumn, add_column, add_fact
from billing_project.backoffice.filters import SelectFilter
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from ledger.models import CustomerBalance, Entry, Line
from ledger.reports import entries_behind


def _balance(field: str) -> Any:
    kept = CustomerBalance.objects.filter(customer=OuterRef("pk")).values(field)[:1]
    return Coalesce(Subquery(kept), 0)


for kept in ("receivable", "deposit", "reserved", "payout_payable"):
    add_fact(Customer, kept, partial(_balance, kept))
add_column(Customer, ListColumn("owed", _("owed"), lambda: _balance("receivable"), cells.yen))
add_column(Customer, ListColumn("deposit_held", _("deposit"), lambda: _balance("deposit"), cells.yen))


class FigureFilter(SelectFilter):
    """The entries behind a figure of a report; it is set by the report's links."""

    title = _("figure")
    parameter_name = "figure"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        wanted = request.GET.get("figure")
        return [(wanted, _("of the report"))] if wanted else []

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        try:
            return queryset.filter(pk__in=entries_behind(self.value() or "").values("pk"))
        except ValueError as wrong:
            raise IncorrectLookupParameters(wrong) from wrong


@admin.register(Entry)
class EntryAdmin(OperatorAdmin):
    list_display = ("booked", "reason_name", "memo", "amount", "recorded")
    list_display_links = ("booked", "reason_name")
    search_fields = ("^memo",)
    search_help_text = _("Beginning of a document's number or of a payer as the bank prints it")
    list_filter = (("reason", ChoicesRadioFilter), ("booked_on", RangeDateFilter), FigureFilter)
    ordering = ("-booked_on", "-id")
    csv_columns = (
        (_("date of account"), "booked_on"),
        (_("reason"), "get_reason_display"),
        (_("memo"), "memo"),
        (_("amount (yen)"), "debit"),
        (_("recorded"), "recorded_at"),
    )

    def get_queryset(self, request: Any) -> Any:
        lines = Line.objects.filter(entry=OuterRef("pk"), amount__gt=0).order_by().values("entry")
        debit = Coalesce(Subquery(lines.annotate(sum=Sum("amount")).values("sum")), 0)
        return super().get_queryset(request).annotate(debit=debit)

    def page_title(self, row: Any) -> str:
        return f"{row.get_reason_display()} {row.memo} {row.booked_on}"

    @display(description=_("date of account"), ordering="booked_on")
    def booked(self, entry: Entry) -> str:
        return cells.days(entry.booked_on)

    @display(description=_("reason"), ordering="reason")
    def reason_name(self, entry: Entry) -> str:
        return entry.get_reason_display()

    @display(description=_("amount (yen)"))
    def amount(self, entry: Any) -> Any:
        return cells.yen(entry.debit)

    @display(description=_("recorded"), ordering="recorded_at")
    def recorded(self, entry: Entry) -> str:
        return cells.moments(entry.recorded_at)


@section(Entry, order=10)
def entry_facts(_request: Any, entry: Entry) -> Section:
    return Facts(
        _("Ledger entry"),
        (
            Fact(_("date of account"), cells.days(entry.booked_on)),
            Fact(_("reason"), entry.get_reason_display()),
            Fact(_("memo"), entry.memo or "—"),
            Fact(_("recorded"), cells.moments(entry.recorded_at)),
        ),
    )


@section(Entry, order=20)
def entry_lines(_request: Any, entry: Entry) -> Section:
    lines = Line.objects.filter(entry=entry).select_related("customer").order_by("id")
    columns = [
        Column(_("account"), leads=True),
        Column(_("customer")),
        Column(_("tax")),
        Column(_("debit"), numeric=True),
        Column(_("credit"), numeric=True),
    ]
    return Table(_("Lines"), columns, [_line(line) for line in lines])


def _line(line: Any) -> tuple[Any, ...]:
    rate = "—" if line.tax_rate is None else f"{line.tax_rate}%"
    debit = cells.yen(line.amount) if line.amount > 0 else ""
    credit = cells.yen(-line.amount) if line.amount < 0 else ""
    return (line.get_account_display(), cells.link(line.customer), rate, debit, credit)


@section(Customer, order=20)
def balances(_request: Any, customer: Any) -> Section:
    return Facts(
        _("Balances"),
        (
            Fact(_("owed"), cells.yen(customer.receivable)),
            Fact(_("deposit"), cells.yen(customer.deposit)),
            Fact(_("reserved"), cells.yen(customer.reserved)),
            Fact(_("to be paid out"), cells.yen(customer.payout_payable)),
        ),
    )
