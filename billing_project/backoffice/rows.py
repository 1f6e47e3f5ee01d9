"""The rows of unfold's lists, as unfold writes them, with all that is the same for every row worked out once.

Unfold works out the heads of the columns and the classes of each cell anew for every row, which is most of
what a list costs. Our lists have no forms in their rows, and no columns of labels or headers.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from unfold.templatetags import unfold_list
from unfold.utils import display_for_field, display_for_value

from billing_project.backoffice.acts import page_of

_LINK = " ".join(unfold_list.LINK_CLASSES)
_CELL = " ".join(unfold_list.ROW_CLASSES)


@dataclass(frozen=True, slots=True)
class _Column:
    """`opens` and `opens_day` are the tag of its cells, `shown(row)` what stands in one."""

    opens: str
    opens_day: str
    closes: str
    is_link: bool
    shown: Callable[[Any], tuple[Any, bool]]


def rows_of(listed: Any) -> Iterator[Any]:
    """For each row its cells, as the template of the list wants them."""
    columns = _columns(listed)
    for row in listed.result_list:
        yield unfold_list.UnfoldResultList(row, None, _cells(listed, columns, row))


def _columns(listed: Any) -> list[_Column]:
    heads = list(unfold_list.result_headers(listed))
    links = [name in (listed.list_display_links or ()) for name in listed.list_display]
    if listed.list_display_links is not None and not listed.list_display_links:
        links[0] = True
    head_of_row = links.index(True) if True in links else None
    return [
        _column(listed, place, name, str(heads[place]["text"]), links[place], place == head_of_row)
        for place, name in enumerate(listed.list_display)
    ]


def _column(listed: Any, place: int, name: Any, label: str, is_link: bool, is_head: bool) -> _Column:
    tag = "th" if is_head else "td"
    field = f"field-{unfold_list._coerce_field_name(name, place)}"

    def opens(extra: str = "") -> str:
        return f'<{tag} class="{field} {_CELL}{extra}" data-label="{escape(label)}">'

    shown = _shown(listed, name)
    return _Column(opens(), opens(" nowrap"), f"</{tag}>", is_link, shown)


def _shown(listed: Any, name: Any) -> Callable[[Any], tuple[Any, bool]]:
    """What a cell shows, and whether it is a day or moment that must not be broken into two lines."""
    page = listed.model_admin
    empty = page.get_empty_value_display()

    @cache
    def icon(value: bool | None) -> SafeString:
        return mark_safe(display_for_value(value, empty, boolean=True))  # noqa: S308

    def shown(row: Any) -> tuple[Any, bool]:
        try:
            field, attribute, value = lookup_field(name, row, page)
        except ObjectDoesNotExist:
            return empty, False
        if field is None or field.auto_created:
            if isinstance(value, str):
                return value, False
            if getattr(attribute, "boolean", False):
                return icon(value), False
            told = display_for_value(value, getattr(attribute, "empty_value_display", empty))
            return told, isinstance(value, datetime.date | datetime.time)
        if isinstance(field.remote_field, models.ManyToOneRel):
            related = getattr(row, field.name)
            return (empty if related is None else related), True
        is_day = isinstance(field, models.DateField | models.TimeField)
        return display_for_field(value, field, empty), is_day

    return shown


def _cells(listed: Any, columns: Sequence[_Column], row: Any) -> Iterator[SafeString]:
    link = _link(listed, row)
    for column in columns:
        value, is_day = column.shown(row)
        text: str = conditional_escape(value)
        if column.is_link:
            text = f"{link}{text}</a>"
        yield mark_safe(f"{column.opens_day if is_day else column.opens}{text}{column.closes}")  # noqa: S308


def _link(listed: Any, row: Any) -> str:
    kept = f"?{listed.preserved_filters}" if listed.preserved_filters else ""
    url = f"{page_of(row)}{kept}"
    return f'<a href="{escape(url)}" class="{_LINK}" >'


def write_rows_ourselves() -> None:
    unfold_list.results = rows_of
