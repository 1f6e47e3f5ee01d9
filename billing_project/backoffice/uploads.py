"""Pages of files that an operator uploads: the list, what came of each, and its import or discarding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_of, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import CsvColumn, OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Insert, Section, section
from billing_project.errors import Text
from billing_project.jobs.runs import RunState, progress_of
from billing_project.jobs.uploads import Upload, discard_upload, start_import

Words = Callable[[Any], str]
"""What came of an upload, in words; empty before its import."""


class UploadAdmin(OperatorAdmin):
    """The list."""

    list_display = ("file_name", "state_label", "outcome", "asked_by", "asked", "finished")
    list_display_links = ("file_name",)
    search_fields = ("file_name", "asked_by", "sha256")
    list_filter = (("state", ChoicesRadioFilter),)
    ordering = ("-asked_at",)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("content")

    @display(description=_("state"), ordering="state")
    def state_label(self, upload: Upload) -> Any:
        return _state(upload)

    @display(description=_("result"))
    def outcome(self, upload: Upload) -> str:
        return self.result_words(upload) or upload.message[:80] or "—"

    def result_words(self, upload: Any) -> str:
        """As `Words`."""
        raise NotImplementedError

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, upload: Upload) -> str:
        return cells.moments(upload.asked_at)

    @display(description=_("finished"), ordering="finished_at")
    def finished(self, upload: Upload) -> str:
        return cells.moments(upload.finished_at)


def upload_columns(*results: CsvColumn) -> tuple[CsvColumn, ...]:
    """The columns of the list's files, with those that tell the result."""
    return (
        (_("file"), "file_name"),
        (_("state"), "get_state_display"),
        *results,
        (_("asked by"), "asked_by"),
        (_("asked"), "asked_at"),
        (_("finished"), "finished_at"),
        (_("SHA-256"), "sha256"),
    )


def show_uploads(
    model: type[Upload],
    *,
    title: Text,
    result_words: Words,
    more: Callable[[Any], Sequence[Fact]] = lambda _upload: (),
) -> None:
    """Puts onto each upload's page its facts, with `more` of them, and how far its import is."""

    @section(model, order=10)
    def facts(_request: Any, upload: Any) -> Section:
        return Facts(title, (*_facts(upload), *more(upload), Fact("SHA-256", cells.mono(upload.sha256))))

    @section(model, order=20)
    def work(_request: Any, upload: Any) -> Section | None:
        if upload.state in (RunState.UPLOADED, RunState.DISCARDED):
            return None
        context = {"run": upload, "progress": progress_of(upload), "result": result_words(upload)}
        return Insert(_("Import"), "admin/import_progress.html", context)


def act_on_uploads(model: type[Upload], *, import_lead: Text) -> None:
    """Puts onto the page of each upload that waits the buttons that import or discard it."""

    @row_act(model, "import", _("Import"), "play_arrow", offered=_is_new, tone="primary")
    def import_page(request: Any, upload: Upload) -> HttpResponse:
        def act(_cleaned: dict[str, Any]) -> Any:
            start_import(upload=upload)
            return _("The import is under way.")

        question = Question(_("Import"), OperatorForm(request.POST), act, page_of(upload), import_lead)
        return ask(request, question, original=upload, opts=upload._meta)

    @row_act(model, "discard", _("Discard"), "delete", offered=_is_new)
    def discard_page(request: Any, upload: Upload) -> HttpResponse:
        def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
            discard_upload(upload=upload)
            return _("The file was discarded."), list_of(model)

        lead = _("The file is removed; that it was uploaded stays in the list.")
        form = OperatorForm(request.POST)
        question = Question(_("Discard"), form, act, page_of(upload), lead, tone="danger")
        return ask(request, question, original=upload, opts=upload._meta)


def _facts(upload: Upload) -> tuple[Fact, ...]:
    return (
        Fact(_("file"), upload.file_name),
        Fact(_("size (bytes)"), cells.number(upload.size)),
        Fact(_("state"), _state(upload)),
        Fact(_("asked by"), upload.asked_by),
        Fact(_("asked"), cells.moments(upload.asked_at)),
        Fact(_("finished"), cells.moments(upload.finished_at)),
    )


def _state(upload: Upload) -> Any:
    return cells.state(upload.state, upload.get_state_display())


def _is_new(upload: Upload) -> bool:
    return upload.state == RunState.UPLOADED
