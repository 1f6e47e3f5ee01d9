"""Many small questions put to the database as one row."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with one answer; built in the tenant's context.

    `one` says what is asked of its rows; `read` makes the answer of what the database gives.
    """

    rows: QuerySet[Any, Any]
    one: str
    read: Callable[[Any], Any] | None = None

    def compiled(self) -> tuple[str, tuple[Any, ...]]:
        try:
            sql, params = self.rows.query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT NULL::bigint WHERE false", ()
        return self.one.format(sql), params


Asks = Callable[[], Mapping[str, Ask]]


def count_of(rows: QuerySet[Any], most: int | None = None) -> Ask:
    """How many rows there are; it stops counting at `most`."""
    return Ask(rows.order_by().values("pk")[:most], "(SELECT count(*) FROM ({}) AS counted)")


def total_of(rows: QuerySet[Any], field: str) -> Ask:
    """The sum of a field of yen; 0 when there are no rows."""
    summed = "(SELECT coalesce(sum(summed.amount), 0)::bigint FROM ({}) AS summed (amount))"
    return Ask(rows.order_by().values(field), summed)


def first_of(rows: QuerySet[Any], field: str) -> Ask:
    """A field of the first row; None when there is none."""
    return Ask(rows.values(field)[:1], "({})")


def row_of(rows: QuerySet[Any], *fields: str) -> Ask:
    """Fields of the first row by name; None when there is none. Days come as text, 2026-11-01."""
    one = "(SELECT to_jsonb(found) FROM ({}) AS found)"
    return Ask(rows.values(*fields)[:1], one, lambda found: found and json.loads(found))


def answers(asks: Mapping[str, Ask]) -> dict[str, Any]:
    """All the answers, by name, with one question.

    The expressions of the ORM could say the same, but take four times as long to be put together.
    """
    if not asks:
        return {}
    parts = [ask.compiled() for ask in asks.values()]
    question = f"SELECT {', '.join(sql for sql, _params in parts)}"
    with connection.cursor() as cursor:
        cursor.execute(question, [param for _sql, params in parts for param in params])
        found = zip(asks.items(), cursor.fetchone() or (), strict=True)
        return {name: ask.read(value) if ask.read else value for (name, ask), value in found}
