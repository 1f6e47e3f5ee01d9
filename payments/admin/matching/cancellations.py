"""Cancellations of a bank file that wait for a person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Prose, Section, section
from payments.admin.desk import desk_address
from payments.admin.matching.forms import ReasonForm
from payments.models import BankCancellation
from payments.services import (
    retry_cancellation,
    settle_cancellation,
)


@admin.register(BankCancellation)
class BankCancellationAdmin(OperatorAdmin):
    list_display = ("booked_on", "payer_name", "amount", "why", "settled_at")
    list_display_links = ("booked_on", "payer_name")
    search_fields = ("payer_name", "account", "reference")
    ordering = ("-booked_on", "-id")
    page_related = ("payment", "bank_file")
    page_deferred = ("bank_file__content",)
    csv_columns = (
        (_("booked"), "booked_on"),
        (_("payer"), "payer_name"),
        (_("amount (yen)"), "amount"),
        (_("bank account"), "account"),
        (_("why it waits"), "why"),
        (_("settled"), "settled_at"),
        (_("note"), "note"),
    )


@section(BankCancellation, order=10)
def cancellation_facts(_request: Any, row: Any) -> Section:
    return Facts(
        _("The bank's cancellation"),
        (
            Fact(_("booked"), cells.days(row.booked_on)),
            Fact(_("payer"), row.payer_name or "—"),
            Fact(_("amount (yen)"), cells.yen(row.amount)),
            Fact(_("bank account"), row.account),
            Fact(_("bank's number"), row.bank_number or "—"),
            Fact(_("file"), cells.link(row.bank_file)),
            Fact(_("Payment"), cells.link(row.payment)),
            Fact(_("settled"), cells.moments(row.settled_at)),
            Fact(_("note"), row.note or "—"),
        ),
    )


@section(BankCancellation, order=5)
def why_it_waits(_request: Any, row: BankCancellation) -> Section | None:
    return Prose(_("Waits for a person"), row.why, "warning") if row.settled_at is None else None


def _unsettled(row: BankCancellation) -> bool:
    return row.settled_at is None


@row_act(BankCancellation, "retry", _("Try again"), "refresh", offered=_unsettled, tone="primary")
def retry_page(request: Any, row: BankCancellation) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        settled = retry_cancellation(cancellation=row).settled_at is not None
        return _("The transfer was taken back.") if settled else _("It still cannot be taken back.")

    lead = _("The match of the transfer is undone, and the money leaves the account.")
    question = Question(_("Try again"), OperatorForm(request.POST), act, page_of(row), lead, previewed=True)
    return ask(request, question, original=row, opts=row._meta)


@row_act(BankCancellation, "settle", _("Settled otherwise"), "done", offered=_unsettled)
def settle_page(request: Any, row: BankCancellation) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        settle_cancellation(cancellation=row, note=cleaned["reason"])
        return _("Noted."), desk_address()

    lead = _("Say how it was settled. Nothing is booked by this.")
    question = Question(_("Settled otherwise"), ReasonForm(request.POST or None), act, page_of(row), lead)
    return ask(request, question, original=row, opts=row._meta)
