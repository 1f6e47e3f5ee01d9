"""Correcting a document: its lines to be changed, what the change comes to, and then the act (X1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, operator_page, page_of, row_act, show_refusal
from billing_project.backoffice.forms import DayField, OperatorForm, YenField
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table
from billing_project.errors import Code, Refusal
from invoices.admin.documents import tax_words
from invoices.correction_rules import (
    CORRECTABLE,
    MAX_DESCRIPTION,
    MAX_REASON,
    CorrectedAddressee,
    CorrectedLine,
    StandingLine,
)
from invoices.models import Document
from invoices.services.correcting import (
    CorrectionEffect,
    correct_document,
    effect_of,
    lines_to_correct,
    preview_correction,
)
from ledger.models import Account

LINES_SHOWN = 100
ADDED = 2
_FIELDS = ("description", "quantity", "unit_price", "tax_category", "transaction_date")


@dataclass(frozen=True)
class Row:
    """The fields of one line; a fixed line has none and is shown as it is."""

    line: CorrectedLine | None
    fields: dict[str, Any]


class CorrectionForm(OperatorForm):
    """The names, the reason, and up to 100 lines from `first` on; other lines stay as they are."""

    reason = forms.CharField(
        label=_("reason"), max_length=MAX_REASON, help_text=_("It is printed on the corrected document.")
    )
    company_name = forms.CharField(label=_("company name"), max_length=200)
    department = forms.CharField(label=_("department"), max_length=100, required=False)
    contact_name = forms.CharField(label=_("contact"), max_length=100, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any, *, document: Document, standing: Sequence[StandingLine], first: int
    ) -> None:
        self.addressee_before = _names_of(document)
        super().__init__(data, initial=asdict(self.addressee_before))
        self.shown = standing[first - 1 : first - 1 + LINES_SHOWN]
        self.kept = [*standing[: first - 1], *standing[first - 1 + LINES_SHOWN :]]
        for each in self.shown:
            if not each.fixed:
                self._add(str(each.line.of), each.line)
        for number in range(1, ADDED + 1):
            self._add(f"new{number}", None)
        self.restyle()

    def _add(self, key: str, line: CorrectedLine | None) -> None:
        first = asdict(line) if line else {}
        needed = line is not None
        fields: dict[str, forms.Field] = {
            "description": forms.CharField(
                label=_("description"), max_length=MAX_DESCRIPTION, required=needed, strip=True
            ),
            "quantity": forms.IntegerField(label=_("quantity"), required=needed),
            "unit_price": YenField(label=_("unit price (yen)"), required=needed),
            "tax_category": forms.ChoiceField(
                label=_("tax category"), choices=TaxCategory.choices, required=needed
            ),
            "transaction_date": DayField(label=_("Date"), required=needed),
        }
        for name, field in fields.items():
            field.initial = first.get(name)
            self.fields[f"{name}_{key}"] = field
        if line:
            self.fields[f"drop_{key}"] = forms.BooleanField(label=_("Leave out"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(1, ADDED + 1):
            key = f"new{number}"
            if cleaned.get(f"description_{key}"):
                for name in ("quantity", "unit_price", "transaction_date"):
                    if cleaned.get(f"{name}_{key}") is None and f"{name}_{key}" not in self.errors:
                        self.add_error(f"{name}_{key}", _("Please fill in the whole line."))
        return cleaned

    @property
    def rows(self) -> Iterator[Row]:
        """What the page shows, line by line, and then the empty ones."""
        for each in self.shown:
            yield Row(each.line, {} if each.fixed else self._bound(str(each.line.of)))
        for number in range(1, ADDED + 1):
            yield Row(None, self._bound(f"new{number}"))

    def _bound(self, key: str) -> dict[str, Any]:
        names = [name for name in (*_FIELDS, "drop") if f"{name}_{key}" in self.fields]
        return {name: self[f"{name}_{key}"] for name in names}

    @property
    def head(self) -> list[Any]:
        return [self[name] for name in ("reason", "company_name", "department", "contact_name")]

    @property
    def wanted(self) -> dict[str, Any]:
        """What the service is asked for."""
        names = asdict(self.addressee_before)
        addressee = CorrectedAddressee(**{name: self.cleaned_data[name] for name in names})
        changed = addressee != self.addressee_before
        return {
            "lines": [*(each.line for each in self.kept), *self._lines()],
            "reason": self.cleaned_data["reason"],
            "addressee": addressee if changed else None,
        }

    def _lines(self) -> Iterator[CorrectedLine]:
        for each in self.shown:
            key = str(each.line.of)
            if each.fixed:
                yield each.line
            elif not self.cleaned_data[f"drop_{key}"]:
                yield self._line(key, each)
        for number in range(1, ADDED + 1):
            if self.cleaned_data[f"description_new{number}"]:
                yield self._line(f"new{number}", None)

    def _line(self, key: str, old: StandingLine | None) -> CorrectedLine:
        values = {name: self.cleaned_data[f"{name}_{key}"] for name in _FIELDS}
        return CorrectedLine(**values, of=old.line.of if old else None, unit=old.line.unit if old else "")


def _names_of(document: Document) -> CorrectedAddressee:
    old = document.addressee
    return CorrectedAddressee(
        company_name=old.company_name, department=old.department, contact_name=old.contact_name
    )


@row_act(
    Document,
    "correct",
    _("Correct"),
    "edit_document",
    offered=lambda document: document.kind in CORRECTABLE,
)
def correct(request: Any, document: Document) -> HttpResponse:
    try:
        standing = lines_to_correct(document)
    except Refusal as refusal:
        return _page(request, document, sections=[Prose("", refusal.message, "danger")], status=409)
    data = request.POST.dict() if request.method == "POST" else None
    form = CorrectionForm(data, document=document, standing=standing, first=_first(request))
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return _page(request, document, form=form, status=status)
    try:
        effect = preview_correction(document=document, **form.wanted)
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(request, document, form=form, status=422)
    seen = form.cleaned_data["seen"]
    if seen and seen == _token(form, effect):
        return _confirm(request, document, form)
    form.data = {**form.data, "seen": _token(form, effect)}
    return _page(request, document, form=form, sections=_sections(effect, again=bool(seen)), effect=effect)


def _confirm(request: Any, document: Document, form: CorrectionForm) -> HttpResponse:
    seen = form.cleaned_data["seen"]

    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        corrected = correct_document(document=document, **form.wanted)
        if _token(form, effect_of(corrected)) != seen:
            raise Refusal(Code.INVALID_INPUT, _("Something has changed meanwhile. Please look again."))
        told = _("%(new)s was issued in place of %(old)s and is being mailed.")
        return told % {"new": corrected.number, "old": document.number}, page_of(corrected)

    question = Question(
        _("Correct %(number)s") % {"number": document.number},
        form,
        act,
        page_of(document),
        template="admin/correction.html",
    )
    return ask(request, question, original=document, opts=document._meta)


def _page(
    request: Any, document: Document, *, form: Any = None, status: int = 200, **context: Any
) -> HttpResponse:
    title = _("Correct %(number)s") % {"number": document.number}
    return operator_page(
        request,
        "admin/correction.html",
        status=status,
        title=title,
        form=form,
        back=page_of(document),
        original=document,
        opts=document._meta,
        **context,
    )


def _first(request: Any) -> int:
    """Of a long document the line from which on its lines are shown: `?from=101`."""
    text = request.GET.get("from", "")
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1


def _token(form: CorrectionForm, effect: CorrectionEffect) -> str:
    """Of what the operator was shown: the wish, and all it comes to but the number."""
    shown = {**asdict(effect), "number": ""}
    return hashlib.sha256(repr((form.wanted, shown)).encode()).hexdigest()


def _sections(effect: CorrectionEffect, *, again: bool) -> list[Section]:
    text = _("This is what the correction comes to. Nothing has been issued yet.")
    if again:
        text = _("The figures have changed since you looked. Please check them again.")
    return [Prose("", text, "warning" if again else "info"), _sums(effect), _rates(effect), _ledger(effect)]


def _sums(effect: CorrectionEffect) -> Section:
    facts = [
        Fact(_("stated so far (yen)"), cells.yen(effect.old_total)),
        Fact(_("stated from now on (yen)"), cells.yen(effect.new_total)),
        Fact(_("difference (yen)"), cells.yen(effect.new_total - effect.old_total)),
        Fact(_("paid already, pays the new document (yen)"), cells.yen(effect.moved)),
        Fact(_("free deposit that pays it (yen)"), cells.yen(effect.from_deposit)),
        Fact(_("paid too much, becomes deposit (yen)"), cells.yen(effect.to_deposit)),
        Fact(_("still to pay (yen)"), cells.yen(effect.still_open)),
    ]
    if effect.still_open:
        facts.append(Fact(_("due"), cells.days(effect.due_on)))
    return Facts(_("Sums and payments"), facts)


def _rates(effect: CorrectionEffect) -> Section:
    columns = [
        Column(_("Rate")),
        Column(_("net so far"), numeric=True),
        Column(_("tax so far"), numeric=True),
        Column(_("net from now on"), numeric=True),
        Column(_("tax from now on"), numeric=True),
    ]
    rows = [
        (
            tax_words(each.category, each.rate),
            cells.yen(each.old_net),
            cells.yen(each.old_tax),
            cells.yen(each.new_net),
            cells.yen(each.new_tax),
        )
        for each in effect.rates
    ]
    return Table(_("Tax per rate"), columns, rows)


def _ledger(effect: CorrectionEffect) -> Section:
    columns = [
        Column(_("account")),
        Column(_("Rate")),
        Column(_("debit (yen)"), numeric=True),
        Column(_("credit (yen)"), numeric=True),
    ]
    rows = [
        (
            Account(each.account).label,
            tax_words(each.category, each.rate) if each.category else "",
            cells.yen(max(each.amount, 0)) if each.amount > 0 else "",
            cells.yen(-each.amount) if each.amount < 0 else "",
        )
        for each in effect.ledger
    ]
    return Table(_("The ledger's difference"), columns, rows, empty=_("The ledger stays as it is."))
