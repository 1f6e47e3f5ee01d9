"""Lists of the control panel: search and filters, order, pages, and the same rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, overload

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

_Row = TypeVar("_Row", bound=Model)
_Item = TypeVar("_Item")
PER_PAGE = 25
BOM = b"\xef\xbb\xbf"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FilterForm(forms.Form):
    """The filters above a list, from the address. A field with an error narrows nothing and says why."""

    def wanted(self) -> dict[str, Any]:
        """The filters that were filled in and can be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


def in_order(request: HttpRequest, rows: QuerySet[_Row], columns: Mapping[str, str]) -> QuerySet[_Row]:
    """Sorted as `?sort=key` or `?sort=-key` asks; `columns` maps keys to fields. Unknown keys do nothing."""
    sort = request.GET.get("sort", "")
    field = columns.get(sort.removeprefix("-"))
    if field is None:
        return rows
    sign = "-" if sort.startswith("-") else ""
    return rows.order_by(f"{sign}{field}", f"{sign}pk")


@overload
def page_of(request: HttpRequest, rows: QuerySet[_Row], size: int = PER_PAGE) -> Page[_Row]: ...


@overload
def page_of(request: HttpRequest, rows: Sequence[_Item], size: int = PER_PAGE) -> Page[_Item]: ...


def page_of(request: HttpRequest, rows: Any, size: int = PER_PAGE) -> Page[Any]:
    """The page that `?page=` asks for; the nearest one when there is none."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def csv_response(filename: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file as spreadsheets in Japan open it: UTF-8 with BOM, CRLF.

    A text that a spreadsheet would take for a formula is written with an apostrophe before it.
    """
    content = BOM + csv_lines([[str(cell) for cell in head]]) + csv_lines(rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, filename) or ""
    return response


def csv_lines(rows: Iterable[Sequence[Any]]) -> bytes:
    """Lines of such a file; the first of a file follow `BOM`."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(cell, int):
        return cell
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
