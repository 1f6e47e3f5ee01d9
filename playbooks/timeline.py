"""A played story as it is shown: its events in the order they happened, by day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Moment:
    """One event; `failed` marks the step at which the story broke."""

    at: datetime
    kind: str
    line: int
    title: str
    facts: Facts
    failed: bool


@dataclass(frozen=True)
class Day:
    day: date
    moments: Sequence[Moment]

    @property
    def failed(self) -> bool:
        return any(moment.failed for moment in self.moments)


def days_of(events: Sequence[Facts], problems: Sequence[Facts]) -> list[Day]:
    """The events by day, the step that failed marked."""
    broken = {problem["line"] for problem in problems}
    moments = [_moment(event, broken) for event in events]
    return [Day(day, list(items)) for day, items in groupby(moments, key=lambda each: each.at.date())]


def _moment(event: Facts, broken: set[int]) -> Moment:
    failed = event["kind"] == "step" and event["line"] in broken
    at = datetime.fromisoformat(event["at"])
    return Moment(at, event["kind"], event["line"], event["title"], event["facts"], failed)


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    failed: bool


def numbered(story: str, problems: Sequence[Facts]) -> list[Line]:
    """The story with its line numbers, the lines at which it failed marked."""
    broken = {problem["line"] for problem in problems}
    return [Line(number, text, number in broken) for number, text in enumerate(story.splitlines(), 1)]
