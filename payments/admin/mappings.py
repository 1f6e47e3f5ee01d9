"""The columns of banks' CSV files, mapped once per bank and tried on a sample."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from payments.admin.bank_uploads import told
from payments.models import BankCsvMapping, CsvEncoding
from payments.services import read_sample, save_csv_mapping

_COLUMN_HELP = _("The text of its heading, or its number counted from 1.")


class MappingForm(OperatorForm):
    name = forms.CharField(label=_("bank"), max_length=60)
    account = forms.CharField(
        label=_("bank account"),
        max_length=40,
        help_text=_("Bank, branch, kind and number, such as 0001-100-1-1234567: as files 01 and 03 name it."),
    )
    encoding = forms.ChoiceField(label=_("encoding"), choices=CsvEncoding.choices)
    lines_before = forms.IntegerField(
        label=_("lines before the heading"), min_value=0, max_value=100, initial=0
    )
    has_heading = forms.BooleanField(label=_("has a heading"), required=False, initial=True)
    date_column = forms.CharField(label=_("column of the day"), max_length=60, help_text=_COLUMN_HELP)
    japanese_era = forms.BooleanField(label=_("days of the Japanese era"), required=False)
    amount_column = forms.CharField(
        label=_("column of incoming money"), max_length=60, help_text=_COLUMN_HELP
    )
    payer_column = forms.CharField(label=_("column of the payer"), max_length=60, help_text=_COLUMN_HELP)
    payer_prefix = forms.CharField(
        label=_("words before the payer"),
        max_length=20,
        required=False,
        help_text=_("Left out of the payer's name, such as 振込."),
    )
    reference_column = forms.CharField(
        label=_("column of the bank's number"), max_length=60, required=False, help_text=_COLUMN_HELP
    )
    sample = forms.FileField(
        label=_("sample file"),
        required=False,
        widget=UnfoldAdminFileFieldWidget({"accept": ".csv,text/csv"}),
        help_text=_("Its first lines are kept, and the next page shows what is read of them."),
    )


@admin.register(BankCsvMapping)
class BankCsvMappingAdmin(OperatorAdmin):
    list_display = ("name", "account", "date_column", "amount_column", "payer_column", "reference_column")
    search_fields = ("name", "account")
    ordering = ("name",)
    csv_columns = (
        (_("bank"), "name"),
        (_("bank account"), "account"),
        (_("encoding"), "encoding"),
        (_("column of the day"), "date_column"),
        (_("column of incoming money"), "amount_column"),
        (_("column of the payer"), "payer_column"),
        (_("column of the bank's number"), "reference_column"),
    )


@section(BankCsvMapping, order=10)
def mapping_facts(_request: Any, mapping: BankCsvMapping) -> Section:
    names = [name for name in MappingForm.base_fields if name != "sample"]
    return Facts(_("Columns"), [_fact(mapping, name) for name in names])


def _fact(mapping: BankCsvMapping, name: str) -> Fact:
    value = getattr(mapping, name)
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    return Fact(MappingForm.base_fields[name].label or name, "—" if value == "" else value)


@section(BankCsvMapping, order=20)
def as_read(request: Any, mapping: BankCsvMapping) -> Section | None:
    """What is read of the sample, or why it cannot be read."""
    if not mapping.sample:
        return None
    sample = request.csv_sample = read_sample(mapping)
    if not sample.errors:
        return told(_("What is read of the sample"), sample.transfers)
    columns = [Column(_("Line"), numeric=True), Column(_("Column")), Column(_("What is wrong"), leads=True)]
    rows = [(cells.number(each.record), each.field or "—", each.message) for each in sample.errors]
    return Table(_("The sample cannot be read with these columns"), columns, rows)


@section(BankCsvMapping, order=30)
def as_written(request: Any, mapping: BankCsvMapping) -> Section | None:
    """The first lines of the sample under the numbers of their columns."""
    sample = getattr(request, "csv_sample", None)
    if sample is None or not sample.lines:
        return None
    width = max(len(line) for line in sample.lines)
    columns = [Column(str(number)) for number in range(1, width + 1)]
    rows = [(*line, *[""] * (width - len(line))) for line in sample.lines]
    return Table(_("First lines of the sample"), columns, rows)


@list_act(BankCsvMapping, "new", _("Map a bank's CSV"), "add", tone="primary")
def new_mapping(request: Any) -> HttpResponse:
    form = MappingForm(request.POST or None, request.FILES or None)
    question = Question(_("Map a bank's CSV"), form, _saving(None), list_of(BankCsvMapping), button=_("Save"))
    return ask(request, question, opts=BankCsvMapping._meta)


@row_act(BankCsvMapping, "edit", _("Change"), "edit", tone="primary")
def edit_mapping(request: Any, mapping: BankCsvMapping) -> HttpResponse:
    initial = {name: getattr(mapping, name) for name in MappingForm.base_fields if name != "sample"}
    form = MappingForm(request.POST or None, request.FILES or None, initial=initial)
    question = Question(_("Change columns"), form, _saving(mapping), page_of(mapping), button=_("Save"))
    return ask(request, question, original=mapping, opts=mapping._meta)


def _saving(mapping: BankCsvMapping | None) -> Any:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        file = cleaned.pop("sample")
        saved = save_csv_mapping(mapping=mapping, sample=file.read() if file else None, **cleaned)
        return _("Saved."), page_of(saved)

    return act
