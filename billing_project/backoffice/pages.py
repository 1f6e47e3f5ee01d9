"""What stands on a row's page in the admin: sections and buttons, of its own room and of rooms above.

A room above adds to a page from below: `@section(Customer, order=40)`, `@act(Order, …)`; see `acts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

from billing_project.errors import Text

FIT_ON_PHONES = 3


@dataclass(frozen=True)
class Fact:
    """A label and its value; `href` leads to what the value names."""

    label: Text
    value: Any
    href: str = ""


@dataclass(frozen=True)
class Facts:
    title: Text
    facts: Sequence[Fact]
    kind: str = "facts"


@dataclass(frozen=True)
class Column:
    """`leads`: on phones, where a row is a card, it stands on top."""

    label: Text
    numeric: bool = False
    leads: bool = False


@dataclass(frozen=True)
class Table:
    """`rows` are sequences of cells, one for each column; `more` leads to the whole list."""

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    empty: Text = ""
    more: str = ""
    note: Text = ""
    kind: str = "table"

    @property
    def is_long(self) -> bool:
        """Whether a phone shows each row as a card: its columns do not fit side by side."""
        return len(self.columns) > FIT_ON_PHONES or any(each.leads for each in self.columns)

    @property
    def cells(self) -> list[list[tuple[Column, Any]]]:
        """The rows, each cell with its column."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Prose:
    """A text as it is; `tone` info, success, warning or danger makes it a notice."""

    title: Text
    text: Text
    tone: str = ""
    kind: str = "prose"


@dataclass(frozen=True)
class Insert:
    """A template of its own, for what no other section can show."""

    title: Text
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    kind: str = "insert"


Section = Facts | Table | Prose | Insert
Builder = Callable[[Any, Any], "Section | None"]
"""`builder(request, row)`; None shows nothing."""

_Builder = TypeVar("_Builder", bound=Builder)
_sections: dict[type[models.Model], list[tuple[int, Builder]]] = {}


def section(model: type[models.Model], *, order: int) -> Callable[[_Builder], _Builder]:
    """Registers a section for the page of each row of the model."""

    def register(builder: _Builder) -> _Builder:
        _sections.setdefault(model, []).append((order, builder))
        return builder

    return register


def sections_of(request: Any, row: models.Model) -> Iterator[Section]:
    for _order, builder in sorted(_sections.get(type(row), []), key=lambda each: each[0]):
        built = builder(request, row)
        if built is not None:
            yield built
