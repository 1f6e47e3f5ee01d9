"""Previews of closings that operators had worked out: on their way, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from accounts.models import Issuer
from billing_project.backoffice import cells
from billing_project.backoffice.acts import act_url
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Insert, Prose, Section, section
from billing_project.calendar import Month
from billing_project.errors import Text
from billing_project.jobs.models import Job, JobState
from invoices.admin.closings import documents_table, figure_sections
from invoices.admin.left_out import left_out_table
from invoices.models import Closing, PreviewRun
from invoices.services.preview_runs import StoredPreview, sold_since, stored_preview
from invoices.services.previews import ClosingPreview


@admin.register(PreviewRun)
class PreviewRunAdmin(OperatorAdmin):
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

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("result")

    @display(description=_("state"), ordering="state")
    def state_label(self, run: PreviewRun) -> Any:
        return cells.state(run.state, run.get_state_display())

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, run: PreviewRun) -> str:
        return cells.moments(run.asked_at)

    @display(description=_("finished"), ordering="finished_at")
    def finished(self, run: PreviewRun) -> str:
        return cells.moments(run.finished_at)


@section(PreviewRun, order=10)
def preview_under_way(_request: Any, run: PreviewRun) -> Section:
    """How far the run is, and the page that shows what it has found out."""
    context = {"run": run, "page": address_of(Month.parse(run.month))}
    title = _("Preview of the closing of %(month)s") % {"month": run.month}
    return Insert(title, "admin/preview_progress.html", context)


def address_of(month: Month) -> str:
    """The page of the month's coming closing."""
    return f"{act_url(Closing, 'next')}?month={month}"


def result_sections(run: PreviewRun, closing: Closing | None) -> Iterator[Section]:
    """What a run that is done has found out; `closing` is the month's by now, not yet issued."""
    stored = stored_preview(run)
    yield _age(stored, closing)
    yield _origin(run, stored)
    yield from _warnings(stored.preview)
    yield from figure_sections(stored.preview.figures)
    yield _documents(stored.preview, Month.parse(run.month))


def _origin(run: PreviewRun, stored: StoredPreview) -> Section:
    facts = (Fact(_("worked out"), cells.moments(stored.as_of)), Fact(_("asked by"), run.asked_by))
    return Facts(_("Preview"), facts)


def _age(stored: StoredPreview, closing: Closing | None) -> Section:
    """Whether the result is older than what was done since."""
    if closing is not None and closing.closed_at > stored.as_of:
        text = _("The period was closed since this was worked out; the sums may differ. Work it out again.")
        return Prose("", text, "warning")
    if sold_since(stored.as_of):
        text = _("Something was sold or taken back since then, which is not in this. Work it out again.")
        return Prose("", text, "warning")
    text = _("This is stored: what is sold or changed after it was worked out is not in it.")
    return Prose("", text, "info")


def _warnings(preview: ClosingPreview) -> Iterator[Section]:
    if preview.left_out:
        yield left_out_table(preview.left_out)
    if not preview.figures.documents:
        yield Prose("", _("There is nothing to bill in this period."), "info")
    issuer: Issuer = Issuer.objects.get()
    if issuer.charges_tax and not issuer.registration_number:
        text = _("The registration number is missing: documents would be no qualified invoices.")
        yield Prose("", text, "danger")
    if Job.objects.filter(state=JobState.FAILED).exists():
        text = _("A job has failed. The closing runs it first and stops if it fails again.")
        yield Prose("", text, "warning")
    if any(document.total < 0 for document in preview.documents):
        text = _("Some documents have a negative total: more was cancelled than delivered.")
        yield Prose("", text, "warning")


def _documents(preview: ClosingPreview, month: Month) -> Section:
    note: Text = _("The numbers are those that would be given now; behind them is how each would look.")
    if preview.figures.documents > len(preview.documents):
        note = _("The first %(count)s are shown.") % {"count": len(preview.documents)}
    return documents_table(
        _("Documents per customer"), preview.documents, note=note, preview=address_of(month)
    )
