"""Columns that a room adds to a list of a room below: what customers owe is the ledger's to say.

And facts that are asked for together with a row's page, so that sections and buttons need not ask one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.expressions import BaseExpression, Combinable

from billing_project.errors import Text


@dataclass(frozen=True)
class ListColumn:
    """`annotation()` is asked for in the tenant's context and sorts the list; `show(value)` is the cell."""

    name: str
    label: Text
    annotation: Callable[[], BaseExpression | Combinable]
    show: Callable[[Any], Any]

    def cell(self) -> Callable[[Any], Any]:
        """As Django's lists want it."""

        def show(row: Any) -> Any:
            return self.show(getattr(row, self.name))

        show.short_description = self.label  # type: ignore[attr-defined]
        show.admin_order_field = self.name  # type: ignore[attr-defined]
        show.__name__ = self.name
        return show


_columns: dict[type[models.Model], list[ListColumn]] = {}


def add_column(model: type[models.Model], column: ListColumn) -> None:
    _columns.setdefault(model, []).append(column)


_facts: dict[type[models.Model], dict[str, Callable[[], Any]]] = {}


def add_fact(model: type[models.Model], name: str, annotation: Callable[[], Any]) -> None:
    """The row of the model's page has `name`: what `annotation()` gives for it."""
    _facts.setdefault(model, {})[name] = annotation


def facts_of(model: type[models.Model]) -> dict[str, Any]:
    return {name: annotation() for name, annotation in _facts.get(model, {}).items()}


def columns_of(model: type[models.Model]) -> list[ListColumn]:
    return _columns.get(model, [])
