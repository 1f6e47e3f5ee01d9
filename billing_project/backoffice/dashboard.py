"""The first page of the admin: each room registers its figures, charts and what waits for a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.cells import yen
from billing_project.errors import Text


@dataclass(frozen=True)
class Figure:
    """A figure and what it leads to; `tone` warning or danger when it wants attention."""

    label: Text
    value: Any
    note: Text = ""
    href: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars in thousands of yen, with the figures in yen as a table."""

    title: Text
    head: Text
    labels: Sequence[str]
    values: Sequence[int]
    colour: str = "var(--color-primary-600)"

    @property
    def yen_rows(self) -> list[tuple[str, Any]]:
        return [(label, yen(value)) for label, value in zip(self.labels, self.values, strict=True)]

    @property
    def data(self) -> str:
        bars = {
            "label": str(self.title),
            "data": [value // 1000 for value in self.values],
            "backgroundColor": self.colour,
            "maxBarThickness": 40,
            "borderRadius": 3,
            "displayYAxis": True,
            "suffixYAxis": str(_("thousand yen")),
        }
        return json.dumps({"labels": [str(label) for label in self.labels], "datasets": [bars]})


@dataclass(frozen=True)
class Waiting:
    """Something that needs a person: what, and where it is done."""

    text: Text
    href: str
    tone: str = "warning"


_Piece = TypeVar("_Piece")
_registered: dict[type, list[tuple[int, Callable[[Any], Iterable[Any]]]]] = {}


def dashboard(kind: type, *, order: int) -> Callable[[_Piece], _Piece]:
    """Registers `pieces(request)`, which gives Figures, Charts or Waitings."""

    def register(builder: _Piece) -> _Piece:
        _registered.setdefault(kind, []).append((order, builder))  # type: ignore[arg-type]
        return builder

    return register


def pieces(request: Any, kind: type) -> list[Any]:
    found = sorted(_registered.get(kind, []), key=lambda each: each[0])
    return [piece for _order, builder in found for piece in builder(request)]


def on_dashboard(request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows."""
    shown = {"figures": Figure, "charts": Chart, "waitings": Waiting}
    found = {name: pieces(request, kind) for name, kind in shown.items()}
    return {**context, **found, "title": ""}
