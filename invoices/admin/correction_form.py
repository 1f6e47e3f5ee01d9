"""The form of a correction: names, reason, and the document's lines, 100 on a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import TaxCategory
from billing_project.backoffice.forms import DayField, OperatorForm, YenField
from invoices.correction_rules import (
    MAX_DESCRIPTION,
    MAX_REASON,
    MOST_QUANTITY,
    CorrectedAddressee,
    CorrectedLine,
    StandingLine,
)
from invoices.models import Document

LINES_SHOWN = 100
ADDED = 2
ELSEWHERE = "elsewhere"
_FIELDS = ("description", "quantity", "unit_price", "tax_category", "transaction_date")


@dataclass(frozen=True)
class Row:
    """The fields of one line; a fixed line has none and is shown as it is."""

    line: CorrectedLine | None
    fields: dict[str, Any]


@dataclass(frozen=True)
class LinesPage:
    """A page of lines, from line `first` to `last` as they are counted on the form."""

    first: int
    last: int
    is_current: bool
    is_edited: bool


def entered_in(post: QueryDict) -> dict[str, str]:
    """All that was entered, on the page that was sent and on those before it."""
    here = {name: str(post[name]) for name in post}
    return {**_told_elsewhere(here.get(ELSEWHERE, "")), **here}


def _told_elsewhere(text: str) -> dict[str, str]:
    try:
        told = json.loads(text or "{}")
    except ValueError:
        return {}
    return {name: str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def start_of_page(text: str, count: int) -> int:
    """The first line of the page that line number `text` stands on; that of the first or last beyond them."""
    wanted = int(text) if text.isdecimal() and len(text) < 6 else 1
    return (min(max(wanted, 1), count) - 1) // LINES_SHOWN * LINES_SHOWN + 1


class CorrectionForm(OperatorForm):
    """Shows up to 100 lines from `first` on, and takes along what was entered for others.

    `entered`: the texts of all pages (`entered_in`). `checked`: they are judged, else only shown again.
    """

    reason = forms.CharField(
        label=_("reason"), max_length=MAX_REASON, help_text=_("It is printed on the corrected document.")
    )
    company_name = forms.CharField(label=_("company name"), max_length=200)
    department = forms.CharField(label=_("department"), max_length=100, required=False)
    contact_name = forms.CharField(label=_("contact"), max_length=100, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        entered: Mapping[str, str],
        *,
        checked: bool,
        document: Document,
        standing: Sequence[StandingLine],
        first: int,
    ) -> None:
        self.addressee_before = _names_of(document)
        self.standing, self.first, self.entered = standing, first, entered
        self.shown = standing[first - 1 : first - 1 + LINES_SHOWN]
        self.positions = {each.line.of for each in self.shown}
        data = {**self._texts_shown(), **entered} if checked else None
        super().__init__(data, initial={**asdict(self.addressee_before), **entered})
        for each in standing:
            if self._is_open(each):
                self._add(str(each.line.of), each.line)
        for number in range(1, ADDED + 1):
            self._add(f"new{number}", None)
        self.restyle()

    def _is_open(self, each: StandingLine) -> bool:
        return self._is_entered(each) or (not each.fixed and each.line.of in self.positions)

    def _is_entered(self, each: StandingLine) -> bool:
        return not each.fixed and f"description_{each.line.of}" in self.entered

    def _texts_shown(self) -> dict[str, str]:
        """What the lines of this page say where nobody has seen them before."""
        new = [each for each in self.shown if not each.fixed and not self._is_entered(each)]
        return {name: text for each in new for name, text in _texts(each.line).items()}

    def _add(self, key: str, line: CorrectedLine | None) -> None:
        first = asdict(line) if line else {}
        needed = line is not None
        fields: dict[str, forms.Field] = {
            "description": forms.CharField(
                label=_("description"), max_length=MAX_DESCRIPTION, required=needed, strip=True
            ),
            "quantity": forms.IntegerField(
                label=_("quantity"), min_value=1, max_value=MOST_QUANTITY, required=needed
            ),
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
    def pages(self) -> list[LinesPage]:
        """All pages of lines; none where one page shows them all."""
        if len(self.standing) <= LINES_SHOWN:
            return []
        return [self._page(first) for first in range(1, len(self.standing) + 1, LINES_SHOWN)]

    def _page(self, first: int) -> LinesPage:
        lines = self.standing[first - 1 : first - 1 + LINES_SHOWN]
        edited = any(each.line.of in self._edited for each in lines)
        return LinesPage(first, first - 1 + len(lines), first == self.first, edited)

    @cached_property
    def _edited(self) -> set[int | None]:
        """The positions of the lines for which something else was entered than they say."""
        return {each.line.of for each in self.standing if self._is_entered(each) and self._differs(each)}

    def _differs(self, each: StandingLine) -> bool:
        texts = _texts(each.line)
        changed = any(self.entered.get(name, "").strip() != text for name, text in texts.items())
        return changed or f"drop_{each.line.of}" in self.entered

    @property
    def elsewhere(self) -> str:
        """What was entered for lines of other pages, for the hidden field that takes it along."""
        names = [f"{name}_{of}" for of in self._edited - self.positions for name in (*_FIELDS, "drop")]
        return json.dumps({name: self.entered[name] for name in names if name in self.entered})

    @property
    def first_bad(self) -> int | None:
        """The first line of another page that is not accepted, if all of this page is."""
        bad = {name.rpartition("_")[2] for name in self.errors}
        if "" in bad or any(str(each) in bad for each in self.positions) or not bad:
            return None
        return next((n for n, each in enumerate(self.standing, 1) if str(each.line.of) in bad), None)

    @property
    def wanted(self) -> dict[str, Any]:
        """What the service is asked for."""
        names = asdict(self.addressee_before)
        addressee = CorrectedAddressee(**{name: self.cleaned_data[name] for name in names})
        changed = addressee != self.addressee_before
        return {
            "lines": list(self._lines()),
            "reason": self.cleaned_data["reason"],
            "addressee": addressee if changed else None,
        }

    def _lines(self) -> Iterator[CorrectedLine]:
        for each in self.standing:
            key = str(each.line.of)
            if f"description_{key}" not in self.fields:
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


def _texts(line: CorrectedLine) -> dict[str, str]:
    """A line as its fields would send it unchanged."""
    values = asdict(line)
    return {f"{name}_{line.of}": str(values[name]).strip() for name in _FIELDS}
