"""Import of sales: upload, look, confirm, watch."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table, section
from billing_project.backoffice.uploads import UploadAdmin, act_on_uploads, show_uploads, upload_columns
from billing_project.jobs.runs import RunState
from orders.models import SalesUpload
from orders.sales_file import SaleRow
from orders.services.import_sales import ImportPreview
from orders.services.uploads import preview_upload, upload_sales

FIRST_LINES = 20
ERRORS_SHOWN = 500


class UploadForm(OperatorForm):
    file = forms.FileField(
        label=_("Sales file"),
        help_text=_("CSV in Shift_JIS or UTF-8. Nothing is stored before you have seen what it would do."),
        widget=UnfoldAdminFileFieldWidget({"accept": ".csv,text/csv"}),
        error_messages={"empty": _("The file is empty. Export it again.")},
    )


def result_words(upload: SalesUpload) -> str:
    if not upload.result:
        return ""
    text = _(
        "%(created)d sales imported, %(skipped)d known already;"
        " %(customers_new)d new customers, %(products_new)d new products."
    )
    return str(text) % upload.result


@admin.register(SalesUpload)
class SalesUploadAdmin(UploadAdmin):
    csv_columns = upload_columns(
        (_("sales imported"), lambda upload: upload.result.get("created", "")),
        (_("known already"), lambda upload: upload.result.get("skipped", "")),
    )

    def result_words(self, upload: SalesUpload) -> str:
        return result_words(upload)


show_uploads(SalesUpload, title=_("Sales file"), result_words=result_words)
act_on_uploads(
    SalesUpload,
    import_lead=_(
        "The whole file is imported, or nothing. Each line becomes a delivered sale that is billed."
    ),
)


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
    columns = [Column(_("Line"), numeric=True), Column(_("Column")), Column(_("What is wrong"), leads=True)]
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
        Column(_("description"), leads=True),
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
