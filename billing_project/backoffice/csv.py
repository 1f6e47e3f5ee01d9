"""A list of the admin as a CSV file, however long: read and sent in pieces, each in the tenant's context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime

from billing_project.audit.services import record
from billing_project.listing import BOM, csv_lines
from billing_project.tenancy.context import current_tenant_id, tenant_context

EXPORT = "_export"
PIECE = 1000


def export_list(page: Any, request: Any) -> StreamingHttpResponse:
    """What the list has found, on all its pages and in its order. The export is recorded."""
    ids = list(page.get_changelist_instance(request).get_queryset(request).values_list("pk", flat=True))
    record("list_exported", list=page.opts.label_lower, rows=len(ids), query=request.GET.urlencode())
    rows = page.get_queryset(request).select_related(*(page.list_select_related or ()))
    pieces = _pieces(page, ids, tenant_id=current_tenant_id(), rows=rows)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = f"{page.opts.verbose_name_plural}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _pieces(page: Any, ids: Sequence[int], *, tenant_id: int, rows: Any) -> Iterator[bytes]:
    language, zone = translation.get_language() or "ja", timezone.get_current_timezone()
    columns = page.all_csv_columns()
    heads = [str(label) for label, _value in columns]
    yield BOM + csv_lines([heads])
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        with tenant_context(tenant_id), translation.override(language), timezone.override(zone):
            found = rows.in_bulk(piece)
            lines = [[_cell(row, value) for _label, value in columns] for row in _in(piece, found)]
        yield csv_lines(lines)


def _in(piece: Sequence[int], found: dict[int, Model]) -> Iterator[Model]:
    return (found[pk] for pk in piece if pk in found)


def _cell(row: Any, value: str | Callable[[Any], Any]) -> Any:
    if callable(value):
        return value(row)
    for name in value.split("__"):
        row = getattr(row, name) if row is not None else None
        row = row() if callable(row) else row
    return localtime(row).isoformat(" ", "seconds") if hasattr(row, "utcoffset") else row
