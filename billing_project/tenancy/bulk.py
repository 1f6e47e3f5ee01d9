"""Many rows of a tenant at once, several times as fast as `bulk_create`: one array for each column."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from billing_project.tenancy.models import TenantModel

_Row = TypeVar("_Row", bound=TenantModel)
AT_ONCE = 20_000


def insert_rows(rows: Sequence[_Row], *, at_once: int = AT_ONCE) -> list[_Row]:
    """Writes new rows of one model, in their order, and gives them their ids. Plain column types only."""
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        for row, found in zip(part, _insert(part, " RETURNING id"), strict=True):
            row.pk = found[0]
            row._state.adding = False
    return list(rows)


def insert_missing(rows: Sequence[_Row], *, at_once: int = AT_ONCE) -> None:
    """The same, leaving out rows that are there already by any unique key; ids are not given."""
    for start in range(0, len(rows), at_once):
        _insert(rows[start : start + at_once], " ON CONFLICT DO NOTHING")


def _insert(rows: Sequence[_Row], ending: str) -> list[Any]:
    for row in rows:
        row.own()
    model = type(rows[0])
    fields = [field for field in model._meta.local_concrete_fields if _is_given(rows[0], field)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    query = f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT * FROM unnest({arrays}){ending}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, [[_plain(getattr(row, field.attname)) for row in rows] for field in fields])
        return list(cursor.fetchall()) if cursor.description else []


def _is_given(row: TenantModel, field: models.Field[Any, Any]) -> bool:
    if field.primary_key or field.generated:
        return False
    return not isinstance(getattr(row, field.attname), DatabaseDefault)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
