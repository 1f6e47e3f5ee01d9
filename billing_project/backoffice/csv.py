"""A list of the admin as a file: CSV however long, in pieces, or XLSX; each in the tenant's context."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import tablib
from django.db.models import Model
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.listing import BOM, csv_lines, harmless
from billing_project.tenancy.context import current_tenant_id, tenant_context

EXPORT = "_export"
PIECE = 1000
XLSX = "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_XLSX = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def export_list(page: Any, request: Any, kind: str) -> HttpResponseBase:
    """What the list has found, on all its pages and in its order, as `csv` or `xlsx`. The export is recorded.

    Raises Refusal `invalid_input` for more rows than a spreadsheet is good for.
    """
    ids = list(page.get_changelist_instance(request).get_queryset(request).values_list("pk", flat=True))
    if kind == XLSX and len(ids) > MOST_IN_XLSX:
        text = _("An XLSX file holds up to %(most)s rows. Narrow the list, or take the CSV file.")
        raise Refusal(Code.INVALID_INPUT, text % {"most": f"{MOST_IN_XLSX:,}"})
    record("list_exported", list=page.opts.label_lower, rows=len(ids), query=request.GET.urlencode())
    rows = page.get_queryset(request).select_related(*(page.list_select_related or ()))
    pieces = _pieces(page, ids, tenant_id=current_tenant_id(), rows=rows)
    response = _as_xlsx(page, pieces) if kind == XLSX else _as_csv(pieces)
    name = f"{page.opts.verbose_name_plural}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _as_csv(pieces: Iterator[list[list[Any]]]) -> StreamingHttpResponse:
    content = (csv_lines(lines) if place else BOM + csv_lines(lines) for place, lines in enumerate(pieces))
    return StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")


def _as_xlsx(page: Any, pieces: Iterator[list[list[Any]]]) -> HttpResponse:
    [heads] = next(pieces)
    sheet = tablib.Dataset(title=str(page.opts.verbose_name_plural)[:31], headers=heads)
    for lines in pieces:
        for line in lines:
            sheet.append([_plain(cell) for cell in line])
    return HttpResponse(sheet.export("xlsx"), content_type=XLSX_TYPE)


def _plain(cell: Any) -> Any:
    """As a spreadsheet can hold it: no formula, no control character."""
    cell = harmless(cell)
    return _CONTROL.sub("", cell) if isinstance(cell, str) else cell


def _pieces(page: Any, ids: Sequence[int], *, tenant_id: int, rows: Any) -> Iterator[list[list[Any]]]:
    """First the heads, then the rows, piece by piece."""
    language, zone = translation.get_language() or "ja", timezone.get_current_timezone()
    columns = page.all_csv_columns()
    yield [[str(label) for label, _value in columns]]
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        with tenant_context(tenant_id), translation.override(language), timezone.override(zone):
            found = rows.in_bulk(piece)
            lines = [[_cell(row, value) for _label, value in columns] for row in _in(piece, found)]
        yield lines


def _in(piece: Sequence[int], found: dict[int, Model]) -> Iterator[Model]:
    return (found[pk] for pk in piece if pk in found)


def _cell(row: Any, value: str | Callable[[Any], Any]) -> Any:
    if callable(value):
        return value(row)
    for name in value.split("__"):
        row = getattr(row, name) if row is not None else None
        row = row() if callable(row) else row
    return localtime(row).isoformat(" ", "seconds") if hasattr(row, "utcoffset") else row
