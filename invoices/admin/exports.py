"""Exports of documents: asked for with the search of the list, watched, fetched."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Insert, Section, section
from billing_project.jobs.runs import RunState
from invoices.models import Document, DocumentExport
from invoices.services.export import ask_for_export, check_fetchable, progress_of_export
from invoices.views.exports import archive_response


@admin.register(DocumentExport)
class DocumentExportAdmin(OperatorAdmin):
    list_display = ("asked", "state_label", "documents", "asked_by", "expires")
    list_display_links = ("asked",)
    list_filter = (("state", ChoicesRadioFilter),)
    ordering = ("-asked_at",)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("document_ids")

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, export: DocumentExport) -> str:
        return cells.moments(export.asked_at)

    @display(description=_("state"), ordering="state")
    def state_label(self, export: DocumentExport) -> Any:
        if export.expires_at <= clock.now():
            return cells.label(_("Expired"))
        return cells.state(export.state, export.get_state_display())

    @display(description=_("document count"), ordering="document_count")
    def documents(self, export: DocumentExport) -> Any:
        return cells.number(export.document_count)

    @display(description=_("expires"), ordering="expires_at")
    def expires(self, export: DocumentExport) -> str:
        return cells.moments(export.expires_at)


@section(DocumentExport, order=10)
def export_facts(_request: Any, export: DocumentExport) -> Section:
    return Facts(
        _("Export of documents"),
        (
            Fact(_("asked by"), export.asked_by),
            Fact(_("asked"), cells.moments(export.asked_at)),
            Fact(_("document count"), cells.number(export.document_count)),
            Fact(
                _("searched for"),
                cells.joined(f"{name}={text}" for name, text in export.wanted.items()) or "—",
            ),
            Fact(_("finished"), cells.moments(export.finished_at)),
            Fact(_("expires"), cells.moments(export.expires_at)),
        ),
    )


@section(DocumentExport, order=20)
def export_work(_request: Any, export: DocumentExport) -> Section:
    context = {
        "run": export,
        "progress": progress_of_export(export),
        "expired": export.expires_at <= clock.now(),
    }
    return Insert(_("Files"), "admin/export_progress.html", context)


def _anyone(_request: Any) -> bool:
    return True


def _ready(export: DocumentExport) -> bool:
    return export.state == RunState.DONE and export.expires_at > clock.now()


@row_act(DocumentExport, "zip", _("ZIP archive"), "download", allowed=_anyone, offered=_ready, tone="primary")
def download(request: Any, export: DocumentExport) -> Any:
    check_fetchable(export)
    return archive_response(request, export, export.document_ids)


@list_act(Document, "export", _("PDF and XML as ZIP"), "folder_zip", allowed=_anyone, keeps_search=True)
def export_found(request: Any) -> HttpResponse:
    """Of what the list has found with the search that stands in the address."""
    page = admin.site.get_model_admin(Document)
    found = page.get_changelist_instance(request).get_queryset(request)
    wanted = {name: text for name, text in request.GET.items() if text}

    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        export = ask_for_export(documents=found, wanted=wanted)
        return _("The export is under way."), page_of(export)

    lead = _("PDF and XML of the documents that the list has found, with an index for spreadsheets.")
    question = Question(
        _("Export documents"),
        OperatorForm(request.POST),
        act,
        list_of(Document, request.GET.urlencode()),
        lead,
        button=_("Export"),
    )
    return ask(request, question, opts=Document._meta)
