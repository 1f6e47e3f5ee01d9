"""Scheduled jobs: what ran, what failed, and a button that runs what is due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter
from unfold.decorators import display

from billing_project.audit.services import record
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of
from billing_project.backoffice.asking import first_of
from billing_project.backoffice.dashboard import Figure, dashboard
from billing_project.backoffice.filters import words_filter
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.inbox import Kind, waits
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Prose, Section, section
from billing_project.backoffice.words import JOBS, RESULTS, word
from billing_project.jobs.models import Job, JobCursor, JobState
from billing_project.jobs.tasks import run_jobs


@admin.register(Job)
class JobAdmin(OperatorAdmin):
    list_display = ("due", "job_name", "state_label", "attempts", "finished", "outcome")
    list_display_links = ("due", "job_name")
    search_fields = ("name", "error")
    list_filter = (
        ("state", ChoicesRadioFilter),
        words_filter(_("job"), "name", JOBS),
        ("due_on", RangeDateFilter),
    )
    ordering = ("-due_on", "-finished_at")
    csv_columns = (
        (_("date"), "due_on"),
        (_("job"), lambda job: word(JOBS, job.name)),
        (_("state"), "get_state_display"),
        (_("attempts"), "attempts"),
        (_("started"), "started_at"),
        (_("finished"), "finished_at"),
        (_("result"), lambda job: outcome_of(job)),
        (_("error"), "error"),
    )

    def page_title(self, row: Any) -> str:
        return f"{word(JOBS, row.name)} {row.due_on}"

    @display(description=_("date"), ordering="due_on")
    def due(self, job: Job) -> str:
        return cells.days(job.due_on)

    @display(description=_("job"), ordering="name")
    def job_name(self, job: Job) -> str:
        return word(JOBS, job.name)

    @display(description=_("state"), ordering="state")
    def state_label(self, job: Job) -> Any:
        return cells.state(job.state, job.get_state_display())

    @display(description=_("finished"), ordering="finished_at")
    def finished(self, job: Job) -> str:
        return cells.moments(job.finished_at)

    @display(description=_("result"))
    def outcome(self, job: Job) -> str:
        return outcome_of(job)


def outcome_of(job: Job) -> str:
    if job.error:
        return job.error.splitlines()[0][:120]
    return cells.joined(f"{word(RESULTS, name)}: {_plain(value)}" for name, value in job.result.items())


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "—"
    return f"{value:,}" if isinstance(value, int) else str(value)


@section(Job, order=10)
def job_facts(_request: Any, job: Job) -> Section:
    return Facts(
        _("Job"),
        (
            Fact(_("job"), f"{word(JOBS, job.name)} ({job.name})"),
            Fact(_("date"), cells.days(job.due_on)),
            Fact(_("state"), cells.state(job.state, job.get_state_display())),
            Fact(_("attempts"), job.attempts),
            Fact(_("started"), cells.moments(job.started_at)),
            Fact(_("finished"), cells.moments(job.finished_at)),
            Fact(_("result"), outcome_of(job) or "—"),
        ),
    )


@section(Job, order=20)
def job_error(_request: Any, job: Job) -> Section | None:
    text = _("It is tried again until it succeeds; later jobs wait for it.")
    return Prose(job.error, text, "danger") if job.error else None


@list_act(Job, "run-due", _("Run what is due now"), "play_arrow", tone="primary")
def run_due_now(request: Any) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        record("jobs_asked_for")
        run_jobs.enqueue()
        return _("The jobs that are due are being run.")

    lead = _("Due jobs run by themselves every minute. This runs them at once, each once, in their order.")
    question = Question(_("Run what is due now"), OperatorForm(request.POST), act, list_of(Job), lead)
    return ask(request, question, opts=Job._meta)


@dashboard(Figure, order=80, asks=lambda: {"jobs_next_on": first_of(JobCursor.objects.all(), "next_on")})
def job_figure(_request: Any, found: dict[str, Any]) -> Iterator[Figure]:
    day = found["jobs_next_on"]
    yield Figure(
        _("Jobs done up to"), f"{day}" if day else "—", _("Jobs of this day are under way"), list_of(Job)
    )


waits(
    80,
    Kind(
        "failed_jobs",
        _("Jobs that failed; later ones wait for them"),
        Job,
        lambda: Job.objects.filter(state=JobState.FAILED),
        since="due_on",
        what="name",
        why="error",
        tone="danger",
        say=lambda name: word(JOBS, name),
    ),
)
