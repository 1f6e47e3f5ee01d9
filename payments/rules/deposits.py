"""The days on which deposits are reported (X11)."""

from __future__ import annotations

from datetime import date

DAYS_OF_RECORD = ((3, 31), (9, 30))
"""基準日 of 資金決済法."""


def is_day_of_record(day: date) -> bool:
    return (day.month, day.day) in DAYS_OF_RECORD


def last_day_of_record(today: date) -> date:
    """The newest one that is over."""
    days = [date(year, month, day) for year in (today.year - 1, today.year) for month, day in DAYS_OF_RECORD]
    return max(day for day in days if day < today)
