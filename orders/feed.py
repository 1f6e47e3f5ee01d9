"""Deadlines as iCalendar (RFC 5545): days, each with a name that stays the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from orders.deadlines import Deadline

_DAY = timedelta(days=1)
_REFRESH = timedelta(hours=12)


def written(deadlines: Iterable[Deadline], *, name: str, site: str, host: str, at: datetime) -> bytes:
    """The calendar as a file; `site` is the panel's address without a slash at its end, `at` is now."""
    calendar = Calendar()
    calendar.add("prodid", "-//Shimebi//Deadlines//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for each in deadlines:
        calendar.add_component(_event(each, site, host, at))
    return bytes(calendar.to_ical())


def _event(deadline: Deadline, site: str, host: str, at: datetime) -> Event:
    """A whole day that keeps nobody busy."""
    event, address = Event(), site + deadline.href
    event.add("uid", f"{deadline.uid}@{host}")
    event.add("dtstamp", at)
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + _DAY)
    event.add("summary", deadline.title)
    event.add("description", f"{deadline.act}: {address}")
    event.add("url", address)
    event.add("categories", [deadline.kind.value])
    event.add("transp", "TRANSPARENT")
    return event
