"""What an act would do, seen before it is done: it is done for real and rolled back.

Each room tells of the rows it has of such an act: what is booked, what is paid, which mails go out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from billing_project.backoffice.pages import Prose, Section

_Tell = Callable[[Any], "Section | None"]
_T = TypeVar("_T", bound=_Tell)


@dataclass(frozen=True)
class _Effect:
    model: type[models.Model]
    order: int
    tell: _Tell


_effects: list[_Effect] = []


def effect(model: type[models.Model], *, order: int) -> Callable[[_T], _T]:
    """Registers `tell(rows)`: a section about the rows of the model that an act has added, or None."""

    def register(tell: _T) -> _T:
        _effects.append(_Effect(model, order, tell))
        return tell

    return register


def effects_of(act: Callable[[], Any]) -> list[Section]:
    """What the act adds, as sections; nothing of it stays. Raises the act's Refusal."""
    ordered = sorted(_effects, key=lambda each: each.order)
    with transaction.atomic():
        before = [_newest(each.model) for each in ordered]
        act()
        told = [
            each.tell(each.model._default_manager.filter(pk__gt=pk))
            for each, pk in zip(ordered, before, strict=True)
        ]
        transaction.set_rollback(True)
    sections = [section for section in told if section is not None]
    return [Prose("", _("This is what would happen. Nothing has been done yet."), "info"), *sections]


def _newest(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
