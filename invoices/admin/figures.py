"""What the dashboard says about closings and receivables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import act_url, list_of, page_of
from billing_project.backoffice.dashboard import Chart, Figure, Waiting, dashboard
from billing_project.calendar import Month
from invoices.admin.ages import AGES
from invoices.models import Closing, ClosingState, Document, MonthRun
from invoices.reports import Age, Aged, billed_by_month, owed_by_age
from ledger.models import Entry

MONTHS = 12


@dashboard(Figure, order=10)
def closing_figure(_request: Any) -> Iterator[Figure]:
    last: Closing | None = Closing.objects.order_by("-closes_on").first()
    if last is None:
        yield Figure(_("Last closing"), "—", _("Nothing closed yet"), act_url(Closing, "next"))
        return
    note = ngettext("%(count)s document", "%(count)s documents", last.document_count)
    if last.state == ClosingState.CLOSED:
        yield Figure(_("Closed, to be issued"), f"{last.closes_on}", f"{last.issue_on}", page_of(last))
    else:
        told = note % {"count": f"{last.document_count:,}"}
        yield Figure(_("Last closing"), f"{last.closes_on}", told, page_of(last))


@dashboard(Figure, order=20)
def owed_figures(request: Any) -> Iterator[Figure]:
    ages = _ages(request)
    total = sum(ages.values(), Aged())
    late = sum((aged for age, aged in ages.items() if age != Age.NOT_DUE), Aged())
    yield Figure(_("Owed"), cells.yen(total.amount), _documents(total), list_of(Document, "standing=open"))
    yield Figure(
        _("Overdue"),
        cells.yen(late.amount),
        _documents(late),
        list_of(Document, "standing=overdue"),
        "danger" if late.amount else "",
    )


def _documents(aged: Aged) -> str:
    return ngettext("%(count)s document", "%(count)s documents", aged.count) % {"count": aged.count}


def _ages(request: Any) -> dict[Age, Aged]:
    """Asked once for figures and chart."""
    if not hasattr(request, "owed_by_age"):
        request.owed_by_age = owed_by_age(clock.today())
    ages: dict[Age, Aged] = request.owed_by_age
    return ages


@dashboard(Chart, order=10)
def billed_chart(_request: Any) -> Iterator[Chart]:
    this = Month.of(clock.today())
    months = [this.plus(index - MONTHS + 1) for index in range(MONTHS)]
    labels = [str(month) for month in months]
    yield Chart(
        _("Billed by month"), _("Month"), labels, billed_by_month(months), href=act_url(Entry, "report-paid")
    )


@dashboard(Chart, order=20)
def ages_chart(request: Any) -> Iterator[Chart]:
    ages = _ages(request)
    labels = [str(AGES[age]) for age in ages]
    amounts = [aged.amount for aged in ages.values()]
    yield Chart(
        _("Receivables by age"), _("Overdue for"), labels, amounts, href=act_url(Entry, "report-ages")
    )


@dashboard(Waiting, order=20)
def runs_wait(_request: Any) -> Iterator[Waiting]:
    last: MonthRun | None = MonthRun.objects.order_by("-asked_at").first()
    if last is not None and last.under_way:
        text = _("The closing of %(month)s is under way.")
        yield Waiting(text % {"month": last.month}, page_of(last), "info")
