"""Filters of the admin's lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter, RangeNumericFilter
from unfold.widgets import UnfoldAdminSelectWidget

from billing_project.errors import InvalidValue, Text
from billing_project.money import parse_yen


class _SelectForm(forms.Form):
    def __init__(self, name: str, label: str, choices: Any, data: Any, multiple: bool = False) -> None:
        super().__init__(data)
        widget = UnfoldAdminSelectWidget()
        self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices, widget=widget)


class SelectFilter(DropdownFilter):
    """One of several, in the browser's own select box: unfold's needs 80 kB of scripts."""

    form_class = _SelectForm


def words_filter(name: Text, field: str, words: Mapping[str, Text]) -> type[SelectFilter]:
    """A filter by the codes of a field, shown by their words."""

    class WordsFilter(SelectFilter):
        title = name
        parameter_name = field

        def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Text]]:
            return sorted(words.items(), key=lambda each: str(each[1]))

        def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return WordsFilter


class _CheckedRange:
    """A range that cannot be read, or ends before it begins, finds nothing and says why."""

    parameter_name: str
    used_parameters: dict[str, Any]
    title: Any
    read: Callable[[str], Any]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            low, high = (self._end(f"{self.parameter_name}_{end}") for end in ("from", "to"))
        except ValueError as error:
            return self._refuse(request, queryset, str(error))
        if low is not None and high is not None and low > high:
            return self._refuse(request, queryset, _("The end of the range lies before its start."))
        ends = {f"{self.parameter_name}__gte": low, f"{self.parameter_name}__lte": high}
        return queryset.filter(**{lookup: value for lookup, value in ends.items() if value is not None})

    def _end(self, name: str) -> Any:
        text = str(self.used_parameters.get(name) or "").strip()
        return type(self).read(text) if text else None

    def _refuse(self, request: Any, queryset: QuerySet[Any], why: Text) -> QuerySet[Any]:
        messages.error(request, f"{self.title}: {why}")
        return queryset.none()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise ValueError(_("“%(text)s” is not a day. Enter it as 2026-11-30.") % {"text": text}) from None


def _yen(text: str) -> int:
    try:
        return parse_yen(text)
    except InvalidValue as error:
        raise ValueError(error.message) from error


class DayRangeFilter(_CheckedRange, RangeDateFilter):
    read = staticmethod(_day)


class YenRangeFilter(_CheckedRange, RangeNumericFilter):
    read = staticmethod(_yen)
