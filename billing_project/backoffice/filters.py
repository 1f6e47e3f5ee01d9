"""Filters of the admin's lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from unfold.contrib.filters.admin import DropdownFilter

from billing_project.errors import Text


def words_filter(name: Text, field: str, words: Mapping[str, Text]) -> type[DropdownFilter]:
    """A filter by the codes of a field, shown by their words."""

    class WordsFilter(DropdownFilter):
        title = name
        parameter_name = field

        def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Text]]:
            return sorted(words.items(), key=lambda each: str(each[1]))

        def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return WordsFilter
