"""Bank files that were uploaded: looked at, imported or discarded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, page_of
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from billing_project.backoffice.uploads import UploadAdmin, act_on_uploads, show_uploads, upload_columns
from billing_project.jobs.runs import RunState
from payments.admin.desk import desk_address
from payments.bank_files.errors import BankFileRejected
from payments.bank_files.incoming import Incoming
from payments.models import BankCsvMapping, BankFileKind, BankUpload
from payments.services import ImportPreview
from payments.services.uploads import preview_upload, upload_bank_file

FIRST_LINES = 20
SHOWN = 50


class UploadForm(OperatorForm):
    file = forms.FileField(
        label=_("Bank file"),
        help_text=_("全銀協 01 or 03, or CSV. Nothing is booked before you have seen what it says."),
        widget=UnfoldAdminFileFieldWidget,
        error_messages={"empty": _("The file is empty. Export it again.")},
    )
    mapping: forms.ModelChoiceField[BankCsvMapping] = forms.ModelChoiceField(
        label=_("Bank, for CSV"),
        queryset=None,
        required=False,
        empty_label=_("No CSV"),
        help_text=_("Columns of a bank's CSV are mapped once, under Columns of banks' CSV."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].queryset = BankCsvMapping.objects.order_by("name")  # type: ignore[attr-defined]


def result_words(upload: BankUpload) -> str:
    if not upload.result:
        return ""
    if not upload.result["is_new"]:
        return str(_("This file has been imported before; nothing was booked."))
    text = _(
        "%(entries)d entries, %(known)d known already: %(matched)d matched (%(exact)d exact),"
        " %(suggested)d with a suggestion, %(unmatched)d unmatched."
    )
    return f"{str(text) % upload.result}"


@admin.register(BankUpload)
class BankUploadAdmin(UploadAdmin):
    page_related = ("mapping", "bank_file")
    page_deferred = ("bank_file__content",)
    csv_columns = upload_columns()

    def result_words(self, upload: BankUpload) -> str:
        return result_words(upload)


def _more(upload: Any) -> tuple[Fact, ...]:
    return (
        Fact(_("Bank, for CSV"), cells.link(upload.mapping)),
        Fact(_("result"), cells.link(upload.bank_file)),
    )


show_uploads(BankUpload, title=_("Bank file"), result_words=result_words, more=_more)
act_on_uploads(
    BankUpload,
    import_lead=_("The whole file is booked, or nothing. What is not certain waits on the desk."),
)


@section(BankUpload, order=30)
def upload_preview(request: Any, upload: BankUpload) -> Section | None:
    """What the file says; each of its errors with record and field where it cannot be read."""
    if upload.state != RunState.UPLOADED:
        return None
    try:
        preview = request.bank_preview = preview_upload(upload)
    except BankFileRejected as refusal:
        columns = [
            Column(_("Record"), numeric=True),
            Column(_("Field")),
            Column(_("What is wrong"), leads=True),
        ]
        rows = [(cells.number(each.record), each.field or "—", each.message) for each in refusal.errors]
        return Table(_("The file cannot be imported"), columns, rows)
    return Facts(_("What the import would do"), _preview_facts(preview))


def _preview_facts(preview: ImportPreview) -> list[Fact]:
    days = [each.booked_on for each in preview.transfers]
    return [
        Fact(_("kind"), BankFileKind(preview.kind).label),
        Fact(_("accounts"), ", ".join(preview.accounts) or "—"),
        Fact(_("days"), f"{min(days)} – {max(days)}" if days else "—"),
        Fact(_("incoming transfers"), cells.number(preview.entries)),
        Fact(_("their sum (yen)"), cells.yen(preview.total)),
        Fact(_("known already"), cells.number(preview.known)),
        Fact(_("perhaps known already, will wait on the desk"), cells.number(preview.doubtful)),
        Fact(_("with a certain customer"), cells.number(preview.certain)),
        Fact(_("cancellations of the bank"), cells.number(preview.cancellations)),
        Fact(_("imported before"), _("Yes, nothing would be booked") if preview.is_known else _("No")),
    ]


@section(BankUpload, order=40)
def upload_lines(request: Any, _upload: BankUpload) -> Section | None:
    preview: ImportPreview | None = getattr(request, "bank_preview", None)
    return told(_("First entries"), preview.transfers) if preview and preview.transfers else None


def told(title: Any, transfers: tuple[Incoming, ...]) -> Table:
    """Entries of a file as they were read."""
    columns = [
        Column(_("Record"), numeric=True),
        Column(_("received")),
        Column(_("payer"), leads=True),
        Column(_("amount (yen)"), numeric=True),
        Column(_("bank's number")),
        Column(_("bank account")),
    ]
    rows = [
        (
            cells.number(each.record),
            cells.days(each.booked_on),
            each.payer or "—",
            cells.yen(each.amount),
            each.reference or "—",
            each.account,
        )
        for each in transfers[:FIRST_LINES]
    ]
    return Table(title, columns, rows)


@list_act(BankUpload, "new", _("Upload bank file"), "upload", tone="primary")
def upload_page(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        file = cleaned["file"]
        upload = upload_bank_file(content=file.read(), file_name=file.name, mapping=cleaned["mapping"])
        return _("The file was uploaded. Nothing is booked yet."), page_of(upload)

    form = UploadForm(request.POST or None, request.FILES or None)
    question = Question(_("Upload bank file"), form, act, desk_address(), button=_("Check file"))
    return ask(request, question, opts=BankUpload._meta)
