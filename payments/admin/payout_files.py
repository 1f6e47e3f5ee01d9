"""Bank files of pay-outs: written once, looked at, downloaded, confirmed when the bank has executed them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter
from unfold.decorators import display

from billing_project import clock
from billing_project.audit.services import record
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.forms import DayField, OperatorForm, YenField
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from payments.models import Payout, PayoutFile, PayoutFileState, PayoutState
from payments.selectors import due_payouts, net_of
from payments.services import confirm_payout_file, discard_payout_file, write_payout_file


class WriteForm(OperatorForm):
    pay_on = DayField(
        label=_("pay-out day"),
        help_text=_("The file carries all pay-outs that are due by this day and in no file yet."),
    )


class ConfirmForm(OperatorForm):
    executed_on = DayField(label=_("Executed on"))
    bank_fee = YenField(
        label=_("The bank's fee for the file (yen)"),
        required=False,
        help_text=_("Empty: booked otherwise, or none."),
    )


@admin.register(PayoutFile)
class PayoutFileAdmin(OperatorAdmin):
    list_display = ("pay_day", "state_label", "count", "sum", "written", "executed")
    list_display_links = ("pay_day",)
    search_fields = ("sha256",)
    list_filter = (("state", ChoicesRadioFilter), ("pay_on", RangeDateFilter))
    ordering = ("-pay_on", "-id")
    csv_columns = (
        (_("pay-out day"), "pay_on"),
        (_("state"), "get_state_display"),
        (_("pay-outs"), "count"),
        (_("sum (yen)"), "total"),
        (_("written"), "written_at"),
        (_("executed"), "executed_on"),
        (_("the bank's fee (yen)"), "bank_fee"),
        (_("SHA-256"), "sha256"),
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("content")

    @display(description=_("pay-out day"), ordering="pay_on")
    def pay_day(self, file: PayoutFile) -> str:
        return cells.days(file.pay_on)

    @display(description=_("state"), ordering="state")
    def state_label(self, file: PayoutFile) -> Any:
        return cells.state(file.state, file.get_state_display())

    @display(description=_("sum (yen)"), ordering="total")
    def sum(self, file: PayoutFile) -> Any:
        return cells.yen(file.total)

    @display(description=_("written"), ordering="written_at")
    def written(self, file: PayoutFile) -> str:
        return cells.moments(file.written_at)

    @display(description=_("executed"), ordering="executed_on")
    def executed(self, file: PayoutFile) -> str:
        return cells.days(file.executed_on)


@section(PayoutFile, order=10)
def file_facts(_request: Any, file: PayoutFile) -> Section:
    return Facts(
        _("Pay-out file"),
        (
            Fact(_("pay-out day"), cells.days(file.pay_on)),
            Fact(_("state"), cells.state(file.state, file.get_state_display())),
            Fact(_("pay-outs"), cells.number(file.count)),
            Fact(_("sum (yen)"), cells.yen(file.total)),
            Fact(_("written"), cells.moments(file.written_at)),
            Fact(_("confirmed or discarded"), cells.moments(file.ended_at)),
            Fact(_("executed"), cells.days(file.executed_on)),
            Fact(_("the bank's fee (yen)"), cells.yen(file.bank_fee)),
            Fact("SHA-256", cells.mono(file.sha256)),
        ),
    )


@section(PayoutFile, order=20)
def file_payouts(_request: Any, file: PayoutFile) -> Section:
    rows = Payout.objects.filter(file=file).select_related("customer").order_by("pk")
    columns = [
        Column(_("account holder (kana)")),
        Column(_("customer")),
        Column(_("bank account")),
        Column(_("transferred (yen)"), numeric=True),
        Column(_("state")),
    ]
    return Table(_("Pay-outs"), columns, [_row(payout) for payout in rows])


def _row(payout: Any) -> tuple[Any, ...]:
    return (
        cells.link(payout, payout.holder_kana),
        cells.link(payout.customer),
        f"{payout.bank_code}-{payout.branch_code} {payout.account_number}",
        cells.yen(payout.net),
        cells.state(payout.state, payout.get_state_display()),
    )


@list_act(PayoutFile, "write", _("Write bank file"), "edit_document", tone="primary")
def write_page(request: Any) -> HttpResponse:
    """Says how many pay-outs are due by the next pay-out day, and their sum, before anything is written."""

    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        file = write_payout_file(pay_on=cleaned["pay_on"])
        return _("The file was written. Look at its count and sum before you send it."), page_of(file)

    day = _next_pay_day()
    due = due_payouts(day)
    lead = _("Due by %(day)s: %(count)s pay-outs, %(sum)s yen net of fees.") % {
        "day": day,
        "count": due.count(),
        "sum": f"{net_of(due):,}",
    }
    form = WriteForm(request.POST or None, initial={"pay_on": day})
    question = Question(_("Write bank file"), form, act, list_of(PayoutFile), lead, button=_("Write"))
    return ask(request, question, opts=PayoutFile._meta)


def _next_pay_day() -> Any:
    waiting = Payout.objects.filter(state=PayoutState.ASKED).order_by("pay_on")
    return waiting.values_list("pay_on", flat=True).first() or clock.today()


def _is_open(file: PayoutFile) -> bool:
    return file.state == PayoutFileState.WRITTEN


@row_act(PayoutFile, "download", _("Download"), "download", tone="primary")
def download(_request: Any, file: PayoutFile) -> HttpResponse:
    """The bytes as they were written; that somebody took them is recorded."""
    record("payout_file_downloaded", file, sha256=file.sha256)
    response = HttpResponse(bytes(file.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, f"furikomi_{file.pay_on}.txt") or ""
    response["Cache-Control"] = "private, no-store"
    return response


@row_act(PayoutFile, "confirm", _("Confirm execution"), "task_alt", offered=_is_open, tone="primary")
def confirm_page(request: Any, file: PayoutFile) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        confirm_payout_file(file=file, executed_on=cleaned["executed_on"], bank_fee=cleaned["bank_fee"] or 0)
        return _("The pay-outs were booked as executed, and the customers are told.")

    lead = _("%(count)s pay-outs, %(sum)s yen. Confirm once the bank has carried the file out.") % {
        "count": file.count,
        "sum": f"{file.total:,}",
    }
    form = ConfirmForm(request.POST or None, initial={"executed_on": clock.today()})
    question = Question(_("Confirm execution"), form, act, page_of(file), lead)
    return ask(request, question, original=file, opts=file._meta)


@row_act(PayoutFile, "discard", _("Discard"), "delete", offered=_is_open, tone="danger")
def discard_page(request: Any, file: PayoutFile) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        discard_payout_file(file=file)
        return _("The file was discarded; its pay-outs wait for another.")

    lead = _("Only if it did not go to the bank: else the pay-outs would be made twice.")
    question = Question(_("Discard"), OperatorForm(request.POST), act, page_of(file), lead, tone="danger")
    return ask(request, question, original=file, opts=file._meta)
