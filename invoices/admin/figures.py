"""What the dashboard says about closings and receivables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import act_url, list_of, page_of_key
from billing_project.backoffice.asking import Ask, row_of, total_of
from billing_project.backoffice.dashboard import Chart, Figure, Waiting, dashboard
from billing_project.calendar import Month
from billing_project.jobs.runs import UNDER_WAY
from invoices.admin.ages import AGES
from invoices.models import Closing, ClosingState, Document, MonthRun, NumberCounter
from invoices.reports import Age, Aged, billed_by_month, owed_by_age
from ledger.models import Entry

MONTHS = 12


def _last_closing() -> dict[str, Ask]:
    fields = ("pk", "closes_on", "issue_on", "state", "document_count")
    return {"last_closing": row_of(Closing.objects.order_by("-closes_on"), *fields)}


@dashboard(Figure, order=10, asks=_last_closing)
def closing_figure(_request: Any, found: dict[str, Any]) -> Iterator[Figure]:
    last = found["last_closing"]
    if last is None:
        yield Figure(_("Last closing"), "—", _("Nothing closed yet"), act_url(Closing, "next"))
        return
    page = page_of_key(Closing, last["pk"])
    if last["state"] == ClosingState.CLOSED:
        yield Figure(_("Closed, to be issued"), last["closes_on"], last["issue_on"], page)
    else:
        yield Figure(_("Last closing"), last["closes_on"], _documents(last["document_count"]), page)


@dashboard(Figure, order=20)
def owed_figures(request: Any) -> Iterator[Figure]:
    ages = _ages(request)
    total = sum(ages.values(), Aged())
    late = sum((aged for age, aged in ages.items() if age != Age.NOT_DUE), Aged())
    yield Figure(
        _("Owed"), cells.yen(total.amount), _documents(total.count), list_of(Document, "standing=open")
    )
    yield Figure(
        _("Overdue"),
        cells.yen(late.amount),
        _documents(late.count),
        list_of(Document, "standing=overdue"),
        "danger" if late.amount else "",
    )


def _documents(count: int) -> str:
    return ngettext("%(count)s document", "%(count)s documents", count) % {"count": f"{count:,}"}


def _ages(request: Any) -> dict[Age, Aged]:
    """Asked once for figures and chart."""
    if not hasattr(request, "owed_by_age"):
        request.owed_by_age = owed_by_age(clock.today())
    ages: dict[Age, Aged] = request.owed_by_age
    return ages


@dashboard(Chart, order=10, asks=lambda: {"numbered": total_of(NumberCounter.objects.all(), "last")})
def billed_chart(_request: Any, found: dict[str, Any]) -> Iterator[Chart]:
    this = Month.of(clock.today())
    months = [this.plus(index - MONTHS + 1) for index in range(MONTHS)]
    labels = [str(month) for month in months]
    billed = billed_by_month(months, found["numbered"])
    yield Chart(_("Billed by month"), _("Month"), labels, billed, href=act_url(Entry, "report-paid"))


@dashboard(Chart, order=20)
def ages_chart(request: Any) -> Iterator[Chart]:
    ages = _ages(request)
    labels = [str(AGES[age]) for age in ages]
    amounts = [aged.amount for aged in ages.values()]
    yield Chart(
        _("Receivables by age"), _("Overdue for"), labels, amounts, href=act_url(Entry, "report-ages")
    )


def _last_run() -> dict[str, Ask]:
    return {"last_run": row_of(MonthRun.objects.order_by("-asked_at"), "pk", "month", "state")}


@dashboard(Waiting, order=20, asks=_last_run)
def runs_wait(_request: Any, found: dict[str, Any]) -> Iterator[Waiting]:
    last = found["last_run"]
    if last is not None and last["state"] in UNDER_WAY:
        text = _("The closing of %(month)s is under way.")
        yield Waiting(text % {"month": last["month"]}, page_of_key(MonthRun, last["pk"]), "info")
