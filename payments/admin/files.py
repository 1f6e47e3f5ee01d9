"""Bank files that were imported, and what came of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateTimeFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_of, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from payments.models import (
    BankCancellation,
    BankFile,
    Payment,
    PaymentState,
)
from payments.services import settle_doubts_of

FIRST_LINES = 20
SHOWN = 50


@admin.register(BankFile)
class BankFileAdmin(OperatorAdmin):
    list_display = (
        "imported",
        "kind_name",
        "name",
        "accounts",
        "entries",
        "sum",
        "known",
        "doubtful",
        "matched",
        "suggested",
        "unmatched",
    )
    list_display_links = ("imported", "name")
    search_fields = ("name", "accounts", "sha256")
    list_filter = (("kind", ChoicesRadioFilter), ("imported_at", RangeDateTimeFilter))
    ordering = ("-imported_at", "-id")
    page_deferred = ("content",)
    csv_columns = (
        (_("imported"), "imported_at"),
        (_("kind"), "get_kind_display"),
        (_("file name"), "name"),
        (_("accounts"), "accounts"),
        (_("entries"), "entries"),
        (_("total (yen)"), "total"),
        (_("known already"), "known"),
        (_("perhaps known already"), "doubtful"),
        (_("matched"), "matched"),
        (_("exact"), "exact"),
        (_("suggested"), "suggested"),
        (_("unmatched"), "unmatched"),
        (_("cancellations"), "cancellations"),
        (_("taken back by the bank"), "taken_back"),
        (_("SHA-256"), "sha256"),
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("content")

    @display(description=_("imported"), ordering="imported_at")
    def imported(self, file: BankFile) -> str:
        return cells.moments(file.imported_at)

    @display(description=_("kind"), ordering="kind")
    def kind_name(self, file: BankFile) -> str:
        return file.get_kind_display()

    @display(description=_("total (yen)"), ordering="total")
    def sum(self, file: BankFile) -> Any:
        return cells.yen(file.total)


def _counts(file: BankFile) -> list[tuple[Any, int]]:
    return [
        (_("entries"), file.entries),
        (_("known already"), file.known),
        (_("perhaps known already"), file.doubtful),
        (_("matched"), file.matched),
        (_("exact"), file.exact),
        (_("suggested"), file.suggested),
        (_("unmatched"), file.unmatched),
    ]


@section(BankFile, order=10)
def file_facts(_request: Any, file: BankFile) -> Section:
    counts = [Fact(label, cells.number(value)) for label, value in _counts(file)]
    back = f"{file.taken_back} / {file.cancellations}"
    return Facts(
        _("Bank file"),
        (
            Fact(_("kind"), file.get_kind_display()),
            Fact(_("file name"), file.name or "—"),
            Fact(_("accounts"), file.accounts or "—"),
            Fact(_("imported"), cells.moments(file.imported_at)),
            Fact(_("total (yen)"), cells.yen(file.total)),
            *counts,
            Fact(_("taken back by the bank"), back),
            Fact("SHA-256", cells.mono(file.sha256)),
        ),
    )


@section(BankFile, order=20)
def file_cancellations(_request: Any, file: BankFile) -> Section | None:
    rows = BankCancellation.objects.filter(bank_file=file).order_by("record")
    columns = [Column(_("payer")), Column(_("Amount"), numeric=True), Column(_("why it waits"))]
    shown = [(cells.link(row, row.payer_name or "—"), cells.yen(row.amount), row.why) for row in rows]
    return Table(_("Cancellations that wait or waited for a person"), columns, shown) if shown else None


@section(BankFile, order=30)
def file_payments(_request: Any, file: BankFile) -> Section:
    rows = Payment.objects.filter(bank_file=file).select_related("customer").order_by("record")[:SHOWN]
    columns = [
        Column(_("payer")),
        Column(_("received")),
        Column(_("Amount"), numeric=True),
        Column(_("state")),
        Column(_("customer")),
    ]
    shown = [
        (
            cells.link(row, row.payer_name or "—"),
            cells.days(row.received_on),
            cells.yen(row.amount),
            cells.state(row.state, row.get_state_display()),
            cells.link(row.customer),
        )
        for row in rows
    ]
    return Table(_("Entries"), columns, shown, more=list_of(Payment, f"bank_file__id__exact={file.pk}"))


def _has_doubts(file: BankFile) -> bool:
    return bool(Payment.objects.filter(bank_file=file, state=PaymentState.DOUBTFUL).exists())


@row_act(BankFile, "all-known", _("All doubtful are known"), "done_all", offered=_has_doubts)
def all_known(request: Any, file: BankFile) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        count = settle_doubts_of(file=file)
        return _("%(count)s entries are known already; nothing was booked.") % {"count": count}

    lead = _("All entries of this file that are in doubt are transfers that are booked already.")
    question = Question(_("All doubtful are known"), OperatorForm(request.POST), act, page_of(file), lead)
    return ask(request, question, original=file, opts=file._meta)
