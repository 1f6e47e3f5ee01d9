"""Rows of many kinds as one list, in one order, asked for with one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression, Combinable

LONGEST = 160
TEXT = f"coalesce(left({{}}::text, {LONGEST}), '')"
NUMBER = "{}::bigint"
DAY = "{}::date"
MOMENT = "{}::timestamptz"
"""What becomes of a column, so that those of different kinds can stand below each other."""

Asked = str | BaseExpression | Combinable | None
"""A column of a kind: the name of a field, an expression, or None for nothing."""


@dataclass(frozen=True, slots=True)
class Strand:
    """The rows of one kind, built in the tenant's context, and the columns they have."""

    name: str
    rows: QuerySet[Any]
    columns: Sequence[Asked]


def braided(
    strands: Sequence[Strand], types: Sequence[str], *, order: str, start: int, end: int
) -> list[tuple[Any, ...]]:
    """The name and the columns of the rows from the `start`th to before the `end`th.

    `types` has TEXT, NUMBER, DAY or MOMENT for each column; `order` is SQL: the name is column 1. A union of
    the ORM could say the same, but takes three times as long to be put together.
    """
    parts = [part for strand in strands if (part := _part(strand, types))]
    if not parts:
        return []
    union = " UNION ALL ".join(f"({sql})" for sql, _params in parts)
    params = [param for _sql, some in parts for param in some]
    with connection.cursor() as cursor:
        cursor.execute(f"{union} ORDER BY {order} LIMIT %s OFFSET %s", [*params, end - start, start])
        return cursor.fetchall()


def _part(strand: Strand, types: Sequence[str]) -> tuple[str, list[Any]] | None:
    given: list[Any] = [column for column in strand.columns if column is not None]
    try:
        rows, params = strand.rows.order_by().values_list(*given).query.sql_with_params()
    except EmptyResultSet:
        return None
    names = [f"c{place}" for place in range(len(given))]
    following = iter(names)
    shown = [
        written.format("NULL" if column is None else next(following))
        for column, written in zip(strand.columns, types, strict=True)
    ]
    sql = f"SELECT %s::text, {', '.join(shown)} FROM ({rows}) AS braid ({', '.join(names)})"  # noqa: S608
    return sql, [strand.name, *params]
