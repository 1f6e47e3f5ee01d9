"""A month as a sheet of weeks with the deadlines of each day. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing_project.calendar import Month, is_bank_business_day
from orders.deadlines import Deadline

_SUNDAY = 6


@dataclass(frozen=True)
class SheetDay:
    """`closed`: banks are. `here`: it is a day of the month, not of the one before or after."""

    day: date
    here: bool
    today: bool
    closed: bool
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True)
class MonthSheet:
    month: Month
    weeks: list[list[SheetDay]]

    @property
    def first_day(self) -> date:
        return self.month.first_day

    @property
    def before(self) -> str:
        return str(self.month.plus(-1))

    @property
    def after(self) -> str:
        return str(self.month.plus(1))


def month_sheet(month: Month, deadlines: Iterable[Deadline], today: date) -> MonthSheet:
    """Weeks from Sunday to Saturday, as calendars in Japan have them."""
    by_day: dict[date, list[Deadline]] = {}
    for each in deadlines:
        by_day.setdefault(each.day, []).append(each)
    weeks = calendar.Calendar(_SUNDAY).monthdatescalendar(*month)
    return MonthSheet(month, [[_day(day, month, today, by_day) for day in week] for week in weeks])


def _day(day: date, month: Month, today: date, by_day: dict[date, list[Deadline]]) -> SheetDay:
    here = Month.of(day) == month
    ends = tuple(by_day.get(day, ())) if here else ()
    return SheetDay(day, here, day == today, not is_bank_business_day(day), ends)
