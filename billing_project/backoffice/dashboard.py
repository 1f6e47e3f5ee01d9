"""The first page of the admin: each room registers its figures, charts and what waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.asking import Ask, Asks, answers
from billing_project.backoffice.cells import yen
from billing_project.backoffice.inbox import counting, kinds
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
    """Bars of yen, with the same figures as a table; `href` leads to the whole report."""

    title: Text
    head: Text
    labels: Sequence[str]
    values: Sequence[int]
    href: str = ""

    @property
    def yen_rows(self) -> list[tuple[str, Any]]:
        return [(label, yen(value)) for label, value in zip(self.labels, self.values, strict=True)]

    @property
    def data(self) -> dict[str, Any]:
        bars = {"label": str(self.title), "data": list(self.values)}
        return {"type": "bar", "labels": [str(label) for label in self.labels], "series": [bars]}


@dataclass(frozen=True)
class Waiting:
    """Something that needs a person: what, and where it is done."""

    text: Text
    href: str
    tone: str = "warning"


_Piece = TypeVar("_Piece", bound=Callable[..., Iterable[Any]])


@dataclass(frozen=True)
class _Registered:
    kind: type
    order: int
    build: Callable[..., Iterable[Any]]
    asks: Asks | None


_registered: list[_Registered] = []


def dashboard(kind: type, *, order: int, asks: Asks | None = None) -> Callable[[_Piece], _Piece]:
    """Registers `pieces(request)`, which gives Figures, Charts or Waitings.

    With `asks` it is `pieces(request, found)`: `found[name]` answers `asks()[name]`. What all pieces of the
    page ask for is one question to the database; the same name asks for the same thing.
    """

    def register(build: _Piece) -> _Piece:
        _registered.append(_Registered(kind, order, build, asks))
        return build

    return register


def asked(*shown: type) -> dict[str, Ask]:
    """All that the pieces of these kinds ask for."""
    asks = [one.asks for one in _registered if one.asks and one.kind in shown]
    return {name: each for ask in asks for name, each in ask().items()}


def on_dashboard(request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows."""
    counts = {kind.code: counting(kind.rows()) for kind in kinds()}
    found = answers({**asked(Figure, Chart, Waiting), **counts})
    pieces = {name: list(_pieces(request, kind, found)) for name, kind in _SHOWN.items()}
    waitings = [*_kinds_waiting(found), *notes(request, found)]
    return {**context, **pieces, "waitings": waitings, "title": ""}


_SHOWN: dict[str, type] = {"figures": Figure, "charts": Chart}


def _kinds_waiting(found: dict[str, Any]) -> Iterator[Waiting]:
    for kind in kinds():
        if count := found[kind.code]:
            text = _("%(what)s: %(count)s") % {"what": kind.label, "count": f"{count:,}"}
            yield Waiting(text, f"{reverse('admin:inbox')}?kind={kind.code}", kind.tone)


def notes(request: Any, found: dict[str, Any]) -> list[Waiting]:
    """What needs a person and is no row."""
    return list(_pieces(request, Waiting, found))


def _pieces(request: Any, kind: type, found: dict[str, Any]) -> Iterator[Any]:
    of_kind = [one for one in _registered if one.kind is kind]
    for one in sorted(of_kind, key=lambda each: each.order):
        yield from one.build(request, found) if one.asks else one.build(request)
