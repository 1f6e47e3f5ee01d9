"""Journal files for accounting programs: choose, look, write; and the tenant's names of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import display

from accounts.policy.choices import TaxCategory
from billing_project import clock
from billing_project.audit.services import record
from billing_project.backoffice import cells
from billing_project.backoffice.acts import (
    Question,
    ask,
    list_act,
    list_of,
    may_act,
    operator_page,
    page_of,
    row_act,
)
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from billing_project.calendar import Month
from billing_project.errors import Refusal
from billing_project.forms import sent
from ledger.journal.defaults import Name
from ledger.journal.formats import FORMATS
from ledger.journal.runs import ask_for_journal
from ledger.journal.selectors import files_of, names
from ledger.journal.services import MAX_NAME, label_of, name_account, outlook_of_journal
from ledger.models import Account, JournalExport, JournalFormat, JournalMapping


class ChooseForm(OperatorForm):
    month = forms.CharField(label=_("Month"), max_length=7, help_text=_("Like 2026-10."))
    format = forms.ChoiceField(label=_("format"), choices=JournalFormat.choices)

    def clean_month(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["month"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class NameForm(OperatorForm):
    account_name = forms.CharField(label=_("name of the account"), max_length=MAX_NAME, required=False)
    sub_account = forms.CharField(
        label=_("sub-account"),
        max_length=MAX_NAME,
        required=False,
        help_text=_("{code} and {name} stand for the customer's number and name."),
    )
    tax_code = forms.CharField(label=_("tax code"), max_length=40, required=False)
    return_tax_code = forms.CharField(label=_("tax code of returns"), max_length=40, required=False)


class AddForm(NameForm):
    """Names an account, in a category and rate where it has them."""

    field_order = ("format", "account", "tax_category", "tax_rate")
    format = forms.ChoiceField(label=_("format"), choices=JournalFormat.choices)
    account = forms.ChoiceField(label=_("account"), choices=Account.choices)
    tax_category = forms.ChoiceField(
        label=_("tax category"), choices=[("", "—"), *TaxCategory.choices], required=False
    )
    tax_rate = forms.IntegerField(label=_("rate (percent)"), required=False, min_value=0, max_value=99)


@admin.register(JournalExport)
class JournalExportAdmin(OperatorAdmin):
    list_display = ("month", "format_name", "number", "entries", "sum", "written")
    list_display_links = ("month",)
    search_fields = ("month", "sha256")
    list_filter = (("format", ChoicesRadioFilter),)
    ordering = ("-month", "format", "-number")
    csv_columns = (
        (_("month"), "month"),
        (_("format"), "get_format_display"),
        (_("file of the month"), "number"),
        (_("entries"), "entries"),
        (_("sum of debits (yen)"), "total"),
        (_("written"), "written_at"),
        (_("written by"), "written_by"),
        (_("SHA-256"), "sha256"),
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("content")

    @display(description=_("format"), ordering="format")
    def format_name(self, export: JournalExport) -> str:
        return export.get_format_display()

    @display(description=_("sum of debits (yen)"), ordering="total")
    def sum(self, export: JournalExport) -> Any:
        return cells.yen(export.total)

    @display(description=_("written"), ordering="written_at")
    def written(self, export: JournalExport) -> str:
        return cells.moments(export.written_at)


@section(JournalExport, order=10)
def export_facts(_request: Any, export: JournalExport) -> Section:
    return Facts(
        str(export),
        (
            Fact(_("entries"), cells.number(export.entries)),
            Fact(_("sum of debits (yen)"), cells.yen(export.total)),
            Fact(_("written"), cells.moments(export.written_at)),
            Fact(_("written by"), export.written_by),
            Fact(_("size (bytes)"), cells.number(len(export.content))),
            Fact("SHA-256", cells.mono(export.sha256)),
        ),
    )


@section(JournalExport, order=20)
def export_changes(_request: Any, export: JournalExport) -> Section | None:
    """What the format could not hold as it was."""
    replaced = sorted(export.replaced.items())
    rows: list[tuple[Any, ...]] = [(pair, cells.number(count)) for pair, count in replaced]
    if export.shortened:
        rows.append((_("Texts that were too long"), cells.number(export.shortened)))
    title, columns = _("Changed for the format"), [Column(_("what")), Column(_("times"), numeric=True)]
    return Table(title, columns, rows) if rows else None


@list_act(JournalExport, "export", _("Write journal file"), "edit_document", tone="primary")
def export_page(request: Any) -> HttpResponse:
    """Choose a month and a format, look at the sums, have the file written."""
    form = ChooseForm(request.POST or request.GET or None, initial={"month": _last_month()})
    sections: list[Section] = []
    if form.is_bound and form.is_valid():
        try:
            if request.method == "POST":
                return _write(request, form.cleaned_data)
            sections = _preview(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return operator_page(
        request,
        "admin/journal.html",
        title=_("Write journal file"),
        form=form,
        sections=sections,
        opts=JournalExport._meta,
        names_url=list_of(JournalMapping),
        status=422 if request.method == "POST" else 200,
    )


def _last_month() -> str:
    return str(Month.of(clock.today()).plus(-1))


def _write(request: Any, chosen: dict[str, Any]) -> HttpResponse:
    run = ask_for_journal(month=chosen["month"], format=chosen["format"])
    messages.success(request, str(_("The journal file is under way.")))
    return HttpResponseRedirect(page_of(run))


def _preview(chosen: dict[str, Any]) -> list[Section]:
    found = outlook_of_journal(month=chosen["month"], format=chosen["format"])
    facts = Facts(
        _("In no file yet"),
        (
            Fact(_("entries"), cells.number(found.entries)),
            Fact(_("debit"), cells.yen(found.debit)),
            Fact(_("credit"), cells.yen(found.credit)),
        ),
    )
    files = [
        (cells.link(each, each.number), cells.number(each.entries), cells.moments(each.written_at))
        for each in files_of(chosen["month"], chosen["format"]).defer("content")
    ]
    columns = [Column(_("file of the month")), Column(_("entries"), numeric=True), Column(_("written"))]
    return [facts, Table(_("Files of the month so far"), columns, files)]


@row_act(JournalExport, "download", _("Download"), "download", tone="primary")
def download(_request: Any, export: JournalExport) -> HttpResponse:
    """The bytes as they were written; that somebody took them is recorded."""
    record("journal_downloaded", export, sha256=export.sha256)
    name = f"journal_{export.format}_{export.month}-{export.number}.{FORMATS[export.format].extension}"
    response = HttpResponse(bytes(export.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@admin.register(JournalMapping)
class JournalMappingAdmin(OperatorAdmin):
    list_display = ("label", "format_name", "account_name", "sub_account", "tax_code", "return_tax_code")
    list_display_links = ("label",)
    search_fields = ("account_name", "tax_code")
    list_filter = (("format", ChoicesRadioFilter), ("account", ChoicesRadioFilter))
    ordering = ("format", "account", "tax_category", "-tax_rate")
    csv_columns = (
        (_("format"), "get_format_display"),
        (_("account"), lambda row: label_of((row.account, row.tax_category, row.tax_rate))),
        (_("name of the account"), "account_name"),
        (_("sub-account"), "sub_account"),
        (_("tax code"), "tax_code"),
        (_("tax code of returns"), "return_tax_code"),
    )

    @display(description=_("account"), ordering="account")
    def label(self, row: JournalMapping) -> str:
        return label_of((row.account, row.tax_category, row.tax_rate))

    @display(description=_("format"), ordering="format")
    def format_name(self, row: JournalMapping) -> str:
        return row.get_format_display()


@section(JournalMapping, order=10)
def mapping_facts(_request: Any, row: JournalMapping) -> Section:
    return Facts(
        label_of((row.account, row.tax_category, row.tax_rate)),
        (
            Fact(_("format"), row.get_format_display()),
            Fact(_("name of the account"), row.account_name or "—"),
            Fact(_("sub-account"), row.sub_account or "—"),
            Fact(_("tax code"), row.tax_code or "—"),
            Fact(_("tax code of returns"), row.return_tax_code or "—"),
        ),
    )


@list_act(JournalMapping, "all", _("All names in use"), "list", allowed=lambda request: request.operator)
def all_names(request: Any) -> HttpResponse:
    """Every account of each format under the name it has now: our proposal or the tenant's own."""
    columns = [
        Column(_("account")),
        Column(_("name of the account")),
        Column(_("sub-account")),
        Column(_("tax code")),
        Column(_("tax code of returns")),
    ]
    tables = [
        Table(
            f"{_('format')}: {JournalFormat(format).label}",
            columns,
            [_name_row(key, name) for key, name in names(format).items()],
        )
        for format in JournalFormat.values
    ]
    return operator_page(
        request,
        "admin/operator_page.html",
        title=_("All names in use"),
        sections=tables,
        opts=JournalMapping._meta,
    )


def _name_row(key: Any, name: Name) -> tuple[str, ...]:
    return (label_of(key), name.account, name.sub_account, name.tax_code, name.return_tax_code)


@list_act(JournalMapping, "name", _("Name an account"), "add", tone="primary", allowed=may_act)
def name_page(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        key = (cleaned.pop("account"), cleaned.pop("tax_category"), cleaned.pop("tax_rate"))
        return _("Saved."), page_of(name_account(key=key, **cleaned))

    lead = _("Sales and bad debt are named by tax category and rate, other accounts without.")
    question = Question(_("Name an account"), AddForm(sent(request)), act, list_of(JournalMapping), lead)
    return ask(request, question, opts=JournalMapping._meta)


@row_act(JournalMapping, "edit", _("Change"), "edit", tone="primary")
def edit_page(request: Any, row: JournalMapping) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        name_account(format=row.format, key=(row.account, row.tax_category, row.tax_rate), **cleaned)
        return _("Saved.")

    initial = {name: getattr(row, name) for name in NameForm.base_fields}
    question = Question(_("Change"), NameForm(sent(request), initial=initial), act, page_of(row))
    return ask(request, question, original=row, opts=row._meta)
