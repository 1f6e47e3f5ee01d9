"""The only source of now and today.

Everything else asks here, so that playbooks and tests can put the clock where they want it. A frozen clock
holds for the thread or task that froze it, and for what that one calls; others keep the real time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils.timezone import get_current_timezone

Zone = tzinfo | str
"""A time zone, or its IANA name such as "Asia/Tokyo"."""


class FrozenClock:
    """A clock that stands still until it is moved forward."""

    def __init__(self, moment: datetime) -> None:
        self._moment = _as_utc(moment)

    @property
    def moment(self) -> datetime:
        """Where the clock stands, in UTC."""
        return self._moment

    def move_to(self, moment: datetime) -> None:
        """Moves the clock forward. Raises ValueError for a moment that lies behind it."""
        target = _as_utc(moment)
        if target < self._moment:
            raise ValueError(f"The clock stands at {self._moment} and cannot go back to {target}.")
        self._moment = target


_frozen: ContextVar[FrozenClock | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    clock = _frozen.get()
    return clock.moment if clock else datetime.now(UTC)


def local(zone: Zone | None = None) -> datetime:
    """The present moment on the clocks of the zone (default: the zone now active in Django)."""
    return now().astimezone(as_zone(zone))


def today(zone: Zone | None = None) -> date:
    """The calendar day it is in the zone (default: the zone now active in Django)."""
    return local(zone).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[FrozenClock]:
    """Stops the clock at an aware moment; the clock it gives can be moved forward with `move_to`."""
    clock = FrozenClock(moment)
    token = _frozen.set(clock)
    try:
        yield clock
    finally:
        _frozen.reset(token)


def as_zone(zone: Zone | None) -> tzinfo:
    """The zone itself. Raises ZoneInfoNotFoundError for a name that does not exist."""
    if zone is None:
        return get_current_timezone()
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def _as_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"The moment {moment} has no time zone. Give an aware datetime.")
    return moment.astimezone(UTC)
