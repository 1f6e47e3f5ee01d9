"""Import of sales: upload, look, confirm, watch."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Insert, Prose, Section, Table, section
from billing_project.jobs.runs import RunState, progress_of
from orders.models import SalesUpload
from orders.sales_file import SaleRow
from orders.services.import_sales import ImportPreview
from orders.services.uploads import discard_upload, preview_upload, start_import, upload_sales

FIRST_LINES = 20
ERRORS_SHOWN = 500


class UploadForm(OperatorForm):
    file = forms.FileField(
        label=_("Sales file"),
        help_text=_("CSV in Shift_JIS or UTF-8. Nothing is stored before you have seen what it would do."),
        widget=UnfoldAdminFileFieldWidget({"accept": ".csv,text/csv"}),
        error_messages={"empty": _("The file is empty. Export it again.")},
    )


@admin.register(SalesUpload)
class SalesUploadAdmin(OperatorAdmin):
    list_display = ("file_name", "state_label", "outcome", "asked_by", "asked", "finished")
    list_display_links = ("file_name",)
    search_fields = ("file_name", "asked_by", "sha256")
    list_filter = (("state", ChoicesRadioFilter),)
    ordering = ("-asked_at",)
    csv_columns = (
        (_("file"), "file_name"),
        (_("state"), "get_state_display"),
        (_("sales imported"), lambda upload: upload.result.get("created", "")),
        (_("known already"), lambda upload: upload.result.get("skipped", "")),
        (_("asked by"), "asked_by"),
        (_("asked"), "asked_at"),
        (_("finished"), "finished_at"),
        (_("SHA-256"), "sha256"),
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("content")

    @display(description=_("state"), ordering="state")
    def state_label(self, upload: SalesUpload) -> Any:
        return cells.state(upload.state, upload.get_state_display())

    @display(description=_("result"))
    def outcome(self, upload: SalesUpload) -> str:
        return result_words(upload) or upload.message[:80] or "—"

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, upload: SalesUpload) -> str:
        return cells.moments(upload.asked_at)

    @display(description=_("finished"), ordering="finished_at")
    def finished(self, upload: SalesUpload) -> str:
        return cells.moments(upload.finished_at)


def result_words(upload: SalesUpload) -> str:
    if not upload.result:
        return ""
    text = _(
        "%(created)d sales imported, %(skipped)d known already;"
        " %(customers_new)d new customers, %(products_new)d new products."
    )
    return str(text) % upload.result


@section(SalesUpload, order=10)
def upload_facts(_request: Any, upload: SalesUpload) -> Section:
    return Facts(
        _("Sales file"),
        (
            Fact(_("file"), upload.file_name),
            Fact(_("size (bytes)"), cells.number(upload.size)),
            Fact(_("state"), cells.state(upload.state, upload.get_state_display())),
            Fact(_("asked by"), upload.asked_by),
            Fact(_("asked"), cells.moments(upload.asked_at)),
            Fact(_("finished"), cells.moments(upload.finished_at)),
            Fact("SHA-256", cells.mono(upload.sha256)),
        ),
    )


@section(SalesUpload, order=20)
def upload_work(_request: Any, upload: SalesUpload) -> Section | None:
    """How far the import is, or what came of it."""
    if upload.state in (RunState.UPLOADED, RunState.DISCARDED):
        return None
    context = {"run": upload, "progress": progress_of(upload), "result": result_words(upload)}
    return Insert(_("Import"), "admin/import_progress.html", context)


@section(SalesUpload, order=30)
def upload_preview(request: Any, upload: SalesUpload) -> Section | None:
    if upload.state != RunState.UPLOADED:
        return None
    preview = preview_upload(upload)
    request.sales_preview = preview
    if preview.errors:
        text = _("The file cannot be imported: %(count)s places are wrong. Correct them and upload it again.")
        return Prose("", text % {"count": len(preview.errors)}, "danger")
    return Facts(_("What the import would do"), _preview_facts(preview))


def _preview_facts(preview: ImportPreview) -> list[Fact]:
    result, rows = preview.result, preview.rows
    days = [row.delivered_on for row in rows]
    return [
        Fact(_("new sales"), cells.number(result.created)),
        Fact(_("known already, skipped"), cells.number(result.skipped)),
        Fact(_("new customers"), cells.number(result.customers_new)),
        Fact(_("new products"), cells.number(result.products_new)),
        Fact(_("delivered"), f"{min(days)} – {max(days)}" if days else "—"),
        Fact(_("sum without tax (yen)"), cells.yen(sum(row.amount for row in rows))),
    ]


@section(SalesUpload, order=40)
def upload_errors(request: Any, _upload: SalesUpload) -> Section | None:
    preview: ImportPreview | None = getattr(request, "sales_preview", None)
    if preview is None or not preview.errors:
        return None
    columns = [Column(_("Line"), numeric=True), Column(_("Column")), Column(_("What is wrong"))]
    rows = [
        (cells.number(error.line), error.column or "—", error.message)
        for error in preview.errors[:ERRORS_SHOWN]
    ]
    return Table(_("Errors"), columns, rows)


@section(SalesUpload, order=50)
def upload_taxes(request: Any, _upload: SalesUpload) -> Section | None:
    preview: ImportPreview | None = getattr(request, "sales_preview", None)
    if preview is None or preview.errors:
        return None
    sums: Counter[Any] = Counter()
    counts: Counter[Any] = Counter()
    for row in preview.rows:
        sums[row.tax_category] += row.amount
        counts[row.tax_category] += 1
    columns = [
        Column(_("tax category")),
        Column(_("sales"), numeric=True),
        Column(_("sum without tax (yen)"), numeric=True),
    ]
    rows = [(kind.label, cells.number(counts[kind]), cells.yen(sums[kind])) for kind in sums]
    return Table(_("Sums per tax category"), columns, rows)


@section(SalesUpload, order=60)
def upload_lines(request: Any, _upload: SalesUpload) -> Section | None:
    preview: ImportPreview | None = getattr(request, "sales_preview", None)
    if preview is None or not preview.rows:
        return None
    columns = [
        Column(_("Line"), numeric=True),
        Column(_("sales number")),
        Column(_("delivered")),
        Column(_("company name")),
        Column(_("description")),
        Column(_("quantity"), numeric=True),
        Column(_("amount (yen)"), numeric=True),
        Column(_("tax category")),
    ]
    return Table(_("First lines"), columns, [_row(row) for row in preview.rows[:FIRST_LINES]])


def _row(row: SaleRow) -> tuple[Any, ...]:
    return (
        cells.number(row.line),
        row.number,
        cells.days(row.delivered_on),
        row.company_name,
        row.product_name,
        cells.number(row.quantity),
        cells.yen(row.amount),
        row.tax_category.label,
    )


@list_act(SalesUpload, "new", _("Upload sales file"), "upload", tone="primary")
def upload_page(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        file = cleaned["file"]
        upload = upload_sales(content=file.read(), file_name=file.name)
        return _("The file was uploaded. Nothing is imported yet."), page_of(upload)

    form = UploadForm(request.POST or None, request.FILES or None)
    question = Question(_("Upload sales file"), form, act, list_of(SalesUpload), button=_("Check file"))
    return ask(request, question, opts=SalesUpload._meta)


def _is_new(upload: SalesUpload) -> bool:
    return upload.state == RunState.UPLOADED


@row_act(SalesUpload, "import", _("Import"), "play_arrow", offered=_is_new, tone="primary")
def import_page(request: Any, upload: SalesUpload) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        start_import(upload=upload)
        return _("The import is under way.")

    lead = _("The whole file is imported, or nothing. Each line becomes a delivered sale that is billed.")
    question = Question(_("Import"), OperatorForm(request.POST), act, page_of(upload), lead)
    return ask(request, question, original=upload, opts=upload._meta)


@row_act(SalesUpload, "discard", _("Discard"), "delete", offered=_is_new)
def discard_page(request: Any, upload: SalesUpload) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        discard_upload(upload=upload)
        return _("The file was discarded."), list_of(SalesUpload)

    lead = _("The file is removed; that it was uploaded stays in the list.")
    question = Question(_("Discard"), OperatorForm(request.POST), act, page_of(upload), lead, tone="danger")
    return ask(request, question, original=upload, opts=upload._meta)
