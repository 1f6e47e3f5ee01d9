"""Days, months, bank business days and day rules. Pure: the clock is never asked.

A *bank business day* is any day but Saturday, Sunday, a Japanese public, substitute or in-between holiday
(国民の休日), and 31 December to 3 January (銀行法施行令 第5条). The holidays come from the package
`holidays`, which knows 1949 to 2099. Deadlines are dates in the tenant's zone; `local_midnight` alone turns
a date into a moment.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import NamedTuple, Self

import holidays
from django.utils.translation import gettext_lazy as _

from billing_project.clock import Zone, as_zone
from billing_project.errors import Code, InvalidValue, Text

FIRST_YEAR, LAST_YEAR = 1949, 2099
"""The years whose holidays are known."""

_DAY = timedelta(days=1)
_SATURDAY = 5


# Months


class Month(NamedTuple):
    """A calendar month. Months compare and sort by time."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads 2026-10. Raises InvalidValue (`invalid_date`)."""
        found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip())
        if not found or not 1 <= int(found[2]) <= 12 or not int(found[1]):
            raise InvalidValue(
                Code.INVALID_DATE, _("“%(text)s” is not a month. Write it like 2026-10."), text=text
            )
        return cls(int(found[1]), int(found[2]))

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> Self:
        """The month so many months later, or earlier when negative."""
        year, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return type(self)(year, index + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def add_months(anchor: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter.

    Always counted from the anchor: 31 January + 1, + 2, + 3 gives 28 February, 31 March, 30 April. Adding
    step by step would drift to the 28th.
    """
    month = Month.of(anchor).plus(months)
    return min(month.last_day, month.first_day + timedelta(days=anchor.day - 1))


def last_day_of_term(start: date, months: int) -> date:
    """The last day of the n-th calendar month, the start month being the first (H2).

    ValueError for less than one month.
    """
    if months < 1:
        raise ValueError(f"A term has at least one month, not {months}.")
    return Month.of(start).plus(months - 1).last_day


# Windows


def last_day_of_window(first: date, days: int) -> date:
    """The last day of "n days including the first": 7 days from 1 November end on the 7th (A5, A13).

    ValueError for less than one day.
    """
    if days < 1:
        raise ValueError(f"A window has at least one day, not {days}.")
    return first + timedelta(days=days - 1)


def local_midnight(day: date, zone: Zone) -> datetime:
    """The moment at which the day begins in the zone, in UTC.

    Where clocks jump over midnight it is the moment of the jump; where midnight comes twice, the first.
    """
    return datetime.combine(day, time.min, tzinfo=as_zone(zone)).astimezone(UTC)


# Bank business days


@cache
def _holidays(year: int) -> frozenset[date]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidValue(
            Code.INVALID_DATE,
            _("The bank holidays of %(year)s are not known. Use a date from %(first)s to %(last)s."),
            year=year,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return frozenset(holidays.country_holidays("JP", years=year, categories=("public", "bank")))


def is_bank_business_day(day: date) -> bool:
    """Whether banks are open on the day.

    Like the functions below, it raises InvalidValue (`invalid_date`) for a year whose holidays are not known.
    """
    closed = _holidays(day.year)
    return day.weekday() < _SATURDAY and day not in closed


def next_bank_business_day(day: date) -> date:
    """The day itself when banks are open, else the next day on which they are."""
    while not is_bank_business_day(day):
        day += _DAY
    return day


def add_bank_business_days(day: date, count: int) -> date:
    """The n-th bank business day after the day; the day itself is not counted. With 0: the day itself."""
    for _step in range(count):
        day = next_bank_business_day(day + _DAY)
    return day


def nth_bank_business_day(month: Month, nth: int) -> date:
    """The n-th bank business day of the month. ValueError when the month has fewer."""
    day = add_bank_business_days(month.first_day - _DAY, nth)
    if nth < 1 or day > month.last_day:
        raise ValueError(f"{month} has no bank business day number {nth}.")
    return day


# Day rules

_RULE = re.compile(
    r"(?:(?P<day>[1-9]|1[0-9]|2[0-8])|(?P<last>last)|bd(?P<nth>[1-9]|1[0-5]))(?P<roll>\+)?(?:@(?P<offset>-?[0-9]|1[0-2]))?"
)
_HINTS: tuple[tuple[str, Text], ...] = (
    (
        r"(29|30|31)\+?(@.*)?",
        _("“%(text)s”: not every month has this day. Write last for the last day of the month."),
    ),
    (r"bd[0-9]+\+.*", _("“%(text)s”: a bank business day is never a holiday. Leave out the +.")),
)


@dataclass(frozen=True, slots=True)
class DayRule:
    """One day of a month: `1`…`28`, `last` or `bd3`; `+` moves a bank holiday on; `@1` is the next month.

    `day` is 1…28, or 0 for the last day; with `business` it counts bank business days (1…15). `offset` is in
    months.
    """

    day: int
    business: bool = False
    roll: bool = False
    offset: int = 0

    @classmethod
    def parse(cls, code: object) -> Self:
        """Reads a rule's code. Raises InvalidValue (`invalid_day_rule`) that says what may be written."""
        text = str(code).strip()
        found = _RULE.fullmatch(text)
        if not found or (found["nth"] and found["roll"]) or isinstance(code, bool):
            raise InvalidValue(Code.INVALID_DAY_RULE, _hint(text), text=text)
        return cls(
            day=int(found["day"] or found["nth"] or 0),
            business=bool(found["nth"]),
            roll=bool(found["roll"]),
            offset=int(found["offset"] or 0),
        )

    def resolve(self, month: Month) -> date:
        """The day the rule names, seen from a billing month. Raises InvalidValue outside 1949–2099."""
        target = month.plus(self.offset)
        if self.business:
            return nth_bank_business_day(target, self.day)
        named = target.first_day.replace(day=self.day) if self.day else target.last_day
        return next_bank_business_day(named) if self.roll else named

    def next_dates(self, after: date, count: int = 3) -> list[date]:
        """The next days the rule gives, later than `after`."""
        return list(islice(self._dates_after(after), count))

    def _dates_after(self, after: date) -> Iterator[date]:
        # The month before may still move a day into this one: last+ of December is 4 January.
        month = Month.of(after).plus(-self.offset - 1)
        while True:
            if (day := self.resolve(month)) > after:
                yield day
            month = month.plus(1)

    def shifted(self, months: int) -> "DayRule":
        """The same rule, so many months later."""
        return DayRule(self.day, self.business, self.roll, self.offset + months)

    def __str__(self) -> str:
        named = f"bd{self.day}" if self.business else str(self.day or "last")
        return f"{named}{'+' * self.roll}{f'@{self.offset}' if self.offset else ''}"


def _hint(text: str) -> Text:
    hints = (hint for pattern, hint in _HINTS if re.fullmatch(pattern, text))
    return next(hints, _("“%(text)s” is not a day rule. Write 1 to 28, last or bd3, then + or @1 if needed."))
