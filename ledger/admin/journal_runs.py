"""Journal files on their way: how far a worker is, and the file in the end."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import act_url, may_act, page_of
from billing_project.backoffice.inbox import Kind, waits
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Insert, Section, section
from billing_project.jobs.runs import progress_of, troubled
from ledger.models import JournalExport, JournalRun


@admin.register(JournalRun)
class JournalRunAdmin(OperatorAdmin):
    list_display = ("month", "format_name", "state_label", "asked_by", "asked", "finished")
    list_display_links = ("month",)
    list_filter = (("state", ChoicesRadioFilter), ("format", ChoicesRadioFilter))
    ordering = ("-asked_at",)
    csv_columns = (
        (_("month"), "month"),
        (_("format"), "get_format_display"),
        (_("state"), "get_state_display"),
        (_("asked by"), "asked_by"),
        (_("asked"), "asked_at"),
        (_("finished"), "finished_at"),
        (_("message"), "message"),
    )

    @display(description=_("format"), ordering="format")
    def format_name(self, run: JournalRun) -> str:
        return run.get_format_display()

    @display(description=_("state"), ordering="state")
    def state_label(self, run: JournalRun) -> Any:
        return cells.state(run.state, run.get_state_display())

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, run: JournalRun) -> str:
        return cells.moments(run.asked_at)

    @display(description=_("finished"), ordering="finished_at")
    def finished(self, run: JournalRun) -> str:
        return cells.moments(run.finished_at)


@section(JournalRun, order=10)
def journal_under_way(request: Any, run: JournalRun) -> Section:
    export = JournalExport.objects.defer("content").filter(pk=run.export_id).first()
    context = {
        "run": run,
        "progress": progress_of(run),
        "export": export,
        "page": export and page_of(export),
        "download": export and may_act(request) and act_url(export, "download"),
    }
    return Insert(str(run), "admin/journal_progress.html", context)


waits(
    47,
    Kind(
        "journal_runs",
        _("Journal files that were not written"),
        JournalRun,
        lambda: troubled(JournalRun),
        since="asked_at",
        what="month",
        why="message",
    ),
)
