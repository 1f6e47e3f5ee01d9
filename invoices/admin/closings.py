"""Closings that were made, and those an operator asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import list_of
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Insert, Prose, Section, Table, section
from billing_project.calendar import Month
from billing_project.jobs.runs import RunState
from invoices.admin.documents.words import tax_words
from invoices.models import Closing, ClosingState, Document, DocumentKind, MonthRun
from invoices.selectors import closing_figures, documents_of
from invoices.services.month_runs import closing_of_month, progress_of_month

SHOWN = 20


@admin.register(Closing)
class ClosingAdmin(OperatorAdmin):
    list_display = ("closing_day", "issue_day", "state_label", "documents", "lines", "sum", "closed")
    list_display_links = ("closing_day",)
    list_filter = (("state", ChoicesRadioFilter),)
    ordering = ("-closes_on",)
    csv_columns = (
        (_("closes on"), "closes_on"),
        (_("issue day"), "issue_on"),
        (_("state"), "get_state_display"),
        (_("document count"), "document_count"),
        (_("line count"), "line_count"),
        (_("total (yen)"), "total"),
        (_("closed"), "closed_at"),
        (_("issued"), "issued_at"),
    )

    @display(description=_("closes on"), ordering="closes_on")
    def closing_day(self, closing: Closing) -> str:
        return cells.days(closing.closes_on)

    @display(description=_("issue day"), ordering="issue_on")
    def issue_day(self, closing: Closing) -> str:
        return cells.days(closing.issue_on)

    @display(description=_("state"), ordering="state")
    def state_label(self, closing: Closing) -> Any:
        tone = "success" if closing.state == ClosingState.ISSUED else "info"
        return cells.label(closing.get_state_display(), tone)

    @display(description=_("document count"), ordering="document_count")
    def documents(self, closing: Closing) -> Any:
        return cells.number(closing.document_count)

    @display(description=_("line count"), ordering="line_count")
    def lines(self, closing: Closing) -> Any:
        return cells.number(closing.line_count)

    @display(description=_("total (yen)"), ordering="total")
    def sum(self, closing: Closing) -> Any:
        return cells.yen(closing.total)

    @display(description=_("closed"), ordering="closed_at")
    def closed(self, closing: Closing) -> str:
        return cells.moments(closing.closed_at)


def figure_sections(figures: Any) -> list[Section]:
    """What a closing came to, or would come to."""
    facts = Facts(
        _("Figures"),
        (
            Fact(_("closes on"), cells.days(figures.closes_on)),
            Fact(_("issue day"), cells.days(figures.issue_on)),
            Fact(_("document count"), cells.number(figures.documents)),
            Fact(_("customer count"), cells.number(figures.customers)),
            Fact(_("line count"), cells.number(figures.lines)),
            Fact(_("net (yen)"), cells.yen(figures.net)),
            Fact(_("tax (yen)"), cells.yen(figures.tax)),
            Fact(_("total (yen)"), cells.yen(figures.total)),
            Fact(_("deposit applied (yen)"), cells.yen(figures.deposit_applied)),
            Fact(_("to pay (yen)"), cells.yen(figures.to_pay)),
            Fact(_("kinds"), _kinds(figures.kinds)),
        ),
    )
    columns = [Column(_("Rate")), Column(_("Net"), numeric=True), Column(_("Tax"), numeric=True)]
    rates = [(tax_words(r.category, r.rate), cells.yen(r.net), cells.yen(r.tax)) for r in figures.rates]
    return [facts, Table(_("Sums per rate"), columns, rates)]


def documents_table(
    title: Any, documents: Any, *, more: str = "", note: Any = "", preview: str = ""
) -> Table:
    """Documents of a closing, one line each; those of a preview have a page at `preview` and the customer."""
    columns = [
        Column(_("number")),
        Column(_("customer")),
        Column(_("net (yen)"), numeric=True),
        Column(_("tax (yen)"), numeric=True),
        Column(_("total (yen)"), numeric=True),
        Column(_("to pay (yen)"), numeric=True),
    ]
    return Table(title, columns, [_row(document, preview) for document in documents], more=more, note=note)


def _row(document: Any, preview: str) -> tuple[Any, ...]:
    address = f"{preview}&customer={document.customer.public_id}"
    return (
        cells.to(address, document.number) if preview else cells.link(document),
        cells.link(document.customer),
        cells.yen(document.net_total),
        cells.yen(document.tax_total),
        cells.yen(document.total),
        cells.yen(document.to_pay),
    )


def _kinds(kinds: dict[str, int]) -> str:
    names = [f"{DocumentKind(kind).label} {count:,}" for kind, count in kinds.items()]
    return cells.joined(names) or "—"


@section(Closing, order=5)
def issue_to_come(_request: Any, closing: Closing) -> Section | None:
    if closing.state == ClosingState.ISSUED:
        return None
    text = _("The period is closed. Its documents are issued on %(day)s at 7:00.")
    return Prose("", text % {"day": closing.issue_on}, "info")


@section(Closing, order=10)
def closing_facts(request: Any, closing: Closing) -> Section:
    return _figures(request, closing)[0]


@section(Closing, order=20)
def closing_rates(request: Any, closing: Closing) -> Section:
    return _figures(request, closing)[1]


def _figures(request: Any, closing: Closing) -> list[Section]:
    """Asked once for facts and rates."""
    if not hasattr(request, "closing_figures"):
        request.closing_figures = figure_sections(closing_figures(closing))
    found: list[Section] = request.closing_figures
    return found


@section(Closing, order=30)
def closing_documents(_request: Any, closing: Closing) -> Section:
    more = list_of(Document, f"closing__exact={closing.pk}")
    return documents_table(_("Documents"), documents_of(closing)[:SHOWN], more=more)


@admin.register(MonthRun)
class MonthRunAdmin(OperatorAdmin):
    list_display = ("month", "state_label", "asked_by", "asked", "finished")
    list_filter = (("state", ChoicesRadioFilter),)
    ordering = ("-asked_at",)
    csv_columns = (
        (_("month"), "month"),
        (_("state"), "get_state_display"),
        (_("asked by"), "asked_by"),
        (_("asked"), "asked_at"),
        (_("finished"), "finished_at"),
        (_("message"), "message"),
    )

    @display(description=_("state"), ordering="state")
    def state_label(self, run: MonthRun) -> Any:
        return cells.state(run.state, run.get_state_display())

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, run: MonthRun) -> str:
        return cells.moments(run.asked_at)

    @display(description=_("finished"), ordering="finished_at")
    def finished(self, run: MonthRun) -> str:
        return cells.moments(run.finished_at)


@section(MonthRun, order=10)
def month_under_way(_request: Any, run: MonthRun) -> Section:
    progress = progress_of_month(run)
    closing = closing_of_month(Month.parse(run.month))
    waits_for_mails = run.state == RunState.DONE and progress.documents is not None and not progress.finished
    context = {
        "run": run,
        "progress": progress,
        "closing": closing and cells.link(closing, _("To the closing")),
        "poll": run.under_way or waits_for_mails,
    }
    return Insert(_("Closing of %(month)s") % {"month": run.month}, "admin/month_progress.html", context)
