"""What runs by the calendar: each room registers its jobs when Django starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

STATE_CHANGES = time(0, 0)
DOCUMENTS_AND_MAILS = time(7, 0)


def _every_day(_day: date) -> bool:
    return True


@dataclass(frozen=True)
class JobKind:
    """`run(day)` does the day's work and returns counts; it runs inside the tenant's transaction.

    `order` sorts jobs of the same time; `falls_on(day)` says whether the tenant has it that day.
    """

    name: str
    at: time
    order: int
    run: Callable[[date], Mapping[str, Any]]
    falls_on: Callable[[date], bool] = _every_day


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    _kinds[kind.name] = kind


def kinds() -> list[JobKind]:
    """All jobs of a day, in the order in which they run."""
    return sorted(_kinds.values(), key=lambda kind: (kind.at, kind.order, kind.name))
