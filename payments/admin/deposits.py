"""Reports of deposits held (X11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.asking import Ask, total_of
from billing_project.backoffice.dashboard import Figure, Waiting, dashboard
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table, section
from billing_project.listing import csv_response
from ledger.models import CustomerBalance
from payments.admin.desk import reads
from payments.models import WARNED_FROM, DepositReport
from payments.rules import last_day_of_record
from payments.services import report_deposits

SHOWN = 200
WARNING = _(
    "10,000,000 yen or more are held. Please check whether a notification and a security deposit under the"
    " Payment Services Act are required."
)


@admin.register(DepositReport)
class DepositReportAdmin(OperatorAdmin):
    list_display = ("of_day", "customers", "sum", "warned", "made")
    list_display_links = ("of_day",)
    ordering = ("-day",)
    csv_columns = (
        (_("day of record"), "day"),
        (_("customers"), "customers"),
        (_("total (yen)"), "total"),
        (_("made"), "made_at"),
    )

    @display(description=_("day of record"), ordering="day")
    def of_day(self, report: DepositReport) -> str:
        return cells.days(report.day)

    @display(description=_("total (yen)"), ordering="total")
    def sum(self, report: DepositReport) -> Any:
        return cells.yen(report.total)

    @display(description=_("warning"))
    def warned(self, report: DepositReport) -> Any:
        return cells.label(_("10,000,000 yen or more"), "warning") if report.is_warned else "—"

    @display(description=_("made"), ordering="made_at")
    def made(self, report: DepositReport) -> str:
        return cells.moments(report.made_at)


@section(DepositReport, order=5)
def report_warning(_request: Any, report: DepositReport) -> Section | None:
    return Prose("", WARNING, "warning") if report.is_warned else None


@section(DepositReport, order=10)
def report_facts(_request: Any, report: DepositReport) -> Section:
    return Facts(
        _("Deposit report"),
        (
            Fact(_("day of record"), cells.days(report.day)),
            Fact(_("customers"), cells.number(report.customers)),
            Fact(_("total (yen)"), cells.yen(report.total)),
            Fact(_("made"), cells.moments(report.made_at)),
        ),
    )


@section(DepositReport, order=20)
def report_rows(_request: Any, report: DepositReport) -> Section:
    columns = [
        Column(_("customer number")),
        Column(_("company name")),
        Column(_("amount (yen)"), numeric=True),
    ]
    rows = [(code, name, cells.yen(amount)) for code, name, amount in report.rows[:SHOWN]]
    return Table(_("Deposits held"), columns, rows, _("Nothing was held."))


@row_act(DepositReport, "csv", _("CSV"), "download", allowed=reads)
def report_csv(_request: Any, report: DepositReport) -> HttpResponse:
    head = (_("customer number"), _("company name"), _("amount (yen)"))
    return csv_response(f"{_('Deposit report')}_{report.day}.csv", head, report.rows)


@list_act(DepositReport, "make", _("Report the last day of record"), "summarize")
def make_report(request: Any) -> HttpResponse:
    """For a tenant that came after the day, or whose jobs stood still."""

    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        report = report_deposits(day=last_day_of_record(clock.today()))
        return _("The report is there."), page_of(report)

    lead = _("What was held at the end of %(day)s, as the ledger says today. It is made once and mailed.")
    question = Question(
        _("Report the last day of record"),
        OperatorForm(request.POST),
        act,
        list_of(DepositReport),
        lead % {"day": last_day_of_record(clock.today())},
    )
    return ask(request, question, opts=DepositReport._meta)


def _held() -> dict[str, Ask]:
    return {"deposits": total_of(CustomerBalance.objects.all(), "deposit")}


@dashboard(Figure, order=70, asks=_held)
def deposits_held(_request: Any, found: dict[str, Any]) -> Iterator[Figure]:
    total = found["deposits"]
    tone = "warning" if total >= WARNED_FROM else ""
    yield Figure(_("Deposits held"), cells.yen(total), "", list_of(DepositReport), tone)


@dashboard(Waiting, order=70, asks=_held)
def deposits_warn(_request: Any, found: dict[str, Any]) -> Iterator[Waiting]:
    if found["deposits"] >= WARNED_FROM:
        yield Waiting(WARNING, list_of(DepositReport))
