"""Acts on many rows: how far they are, what was done, and what was refused with the reasons."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, page_of, page_of_key, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.inbox import Kind, waits
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Insert, Section, Table, section
from billing_project.backoffice.words import word
from billing_project.bulk.models import NOT_DONE, TO_DO, BulkRow, BulkRun, RowState
from billing_project.bulk.registry import bulk_of, label_of
from billing_project.bulk.services import RESUMABLE, go_on, results_of, stop
from billing_project.jobs.runs import troubled
from billing_project.listing import csv_response

SHOWN = 50
CHOICES = {"reason": _("reason")}
"""What the fields of acts are called that were filled in for all rows."""


@admin.register(BulkRun)
class BulkRunAdmin(OperatorAdmin):
    list_display = ("act_label", "rows_asked", "state_label", "outcome", "asked_by", "asked")
    list_display_links = ("act_label",)
    search_fields = ("act", "asked_by", "query")
    list_filter = (("state", ChoicesRadioFilter),)
    ordering = ("-asked_at",)
    csv_columns = (
        (_("act"), lambda run: label_of(run.act)),
        (_("rows"), "row_count"),
        (_("state"), "get_state_display"),
        (_("result"), lambda run: outcome_of(run.result)),
        (_("asked by"), "asked_by"),
        (_("asked"), "asked_at"),
        (_("finished"), "finished_at"),
    )

    def page_title(self, row: Any) -> str:
        return str(label_of(row.act))

    @display(description=_("act"), ordering="act")
    def act_label(self, run: BulkRun) -> Any:
        return label_of(run.act)

    @display(description=_("rows"), ordering="row_count")
    def rows_asked(self, run: BulkRun) -> Any:
        return cells.number(run.row_count)

    @display(description=_("state"), ordering="state")
    def state_label(self, run: BulkRun) -> Any:
        return cells.state(run.state, run.get_state_display())

    @display(description=_("result"))
    def outcome(self, run: BulkRun) -> str:
        return outcome_of(run.result) or run.message[:80] or "—"

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, run: BulkRun) -> str:
        return cells.moments(run.asked_at)


def outcome_of(results: dict[str, int]) -> str:
    """`Done: 3, Refused: 1`."""
    states = {state: results[state] for state in RowState if results.get(state)}
    return cells.joined(f"{state.label}: {count:,}" for state, count in states.items())


@section(BulkRun, order=10)
def run_facts(_request: Any, run: BulkRun) -> Section:
    return Facts(
        _("Act on many rows"),
        (
            Fact(_("act"), label_of(run.act)),
            Fact(_("rows"), cells.number(run.row_count)),
            Fact(_("searched for"), run.query or "—"),
            *(Fact(word(CHOICES, name), value) for name, value in run.choice.items()),
            Fact(_("asked by"), run.asked_by),
            *([Fact(_("stopped by"), run.stopped_by)] if run.stopped_by else []),
            Fact(_("asked"), cells.moments(run.asked_at)),
            Fact(_("finished"), cells.moments(run.finished_at)),
        ),
    )


@section(BulkRun, order=20)
def run_work(_request: Any, run: BulkRun) -> Section:
    results = results_of(run)
    left = sum(results.get(state, 0) for state in TO_DO)
    context = {
        "run": run,
        "progress": (run.row_count - left, run.row_count),
        "result": outcome_of(results),
        "refused": any(results.get(state) for state in NOT_DONE),
    }
    return Insert(_("Result"), "admin/bulk_progress.html", context)


@section(BulkRun, order=30)
def run_refusals(_request: Any, run: BulkRun) -> Section | None:
    rows = _not_done(run)[:SHOWN]
    columns = [Column(_("row")), Column(_("state")), Column(_("reason"))]
    shown = [(_link(run, row), cells.state(row.state, RowState(row.state).label), row.reason) for row in rows]
    return Table(_("Not done"), columns, shown) if shown else None


def _not_done(run: BulkRun) -> QuerySet[BulkRow]:
    rows: QuerySet[BulkRow] = BulkRow.objects.filter(run=run, state__in=NOT_DONE).order_by("pk")
    return rows


def _link(run: BulkRun, row: BulkRow) -> Any:
    text = row.label or row.object_id
    try:
        return cells.to(page_of_key(bulk_of(run.act).model, row.object_id), text)
    except (KeyError, NoReverseMatch):
        return text


@row_act(
    BulkRun,
    "refusals",
    _("Refusals (CSV)"),
    "download",
    allowed=lambda request: request.operator,
    offered=lambda run: _not_done(run).exists(),
)
def refusals(_request: Any, run: BulkRun) -> HttpResponse:
    """What was not done, and why."""
    heads = [_("row"), _("state"), _("code"), _("reason")]
    rows = [
        [row.label or row.object_id, RowState(row.state).label, row.code, row.reason]
        for row in _not_done(run).iterator()
    ]
    return csv_response(f"{label_of(run.act)}.csv", [str(head) for head in heads], rows)


@row_act(
    BulkRun,
    "stop",
    _("Stop"),
    "stop_circle",
    offered=lambda run: run.under_way and not run.stopped_by,
    tone="danger",
)
def stop_page(request: Any, run: BulkRun) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        stop(run=run)
        return _("It stops after the row it is at.")

    lead = _("The row it is at is still done; what has been done stays. You can go on with the rest later.")
    question = Question(_("Stop"), OperatorForm(request.POST), act, page_of(run), lead, tone="danger")
    return ask(request, question, original=run, opts=run._meta)


@row_act(
    BulkRun,
    "go-on",
    _("Go on"),
    "play_arrow",
    offered=lambda run: run.state in RESUMABLE,
    tone="primary",
)
def go_on_page(request: Any, run: BulkRun) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        go_on(run=run)
        return _("It is under way.")

    lead = _("Rows that have no result yet are done now; the others stay as they are.")
    question = Question(_("Go on"), OperatorForm(request.POST), act, page_of(run), lead)
    return ask(request, question, original=run, opts=run._meta)


waits(
    47,
    Kind(
        "bulk_runs",
        _("Acts on many rows that did not end"),
        BulkRun,
        lambda: troubled(BulkRun),
        since="asked_at",
        what="act",
        why="message",
        acts=("go-on",),
        say=lambda code: str(label_of(code)),
    ),
)
