"""The clock: real, frozen, per thread and per task."""

import asyncio
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from django.utils import timezone as django_timezone

from billing_project import clock

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
JST = timezone(timedelta(hours=9))


def test_the_real_clock_moves_and_is_in_utc():
    before = datetime.now(UTC)  # noqa: TID251
    assert before <= clock.now() <= datetime.now(UTC)  # noqa: TID251
    assert clock.now().tzinfo is UTC


def test_a_frozen_clock_stands_still_and_is_given_back():
    with clock.frozen(NOON):
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_a_frozen_clock_takes_any_zone_and_answers_in_utc():
    with clock.frozen(datetime(2026, 11, 1, 0, 0, tzinfo=JST)):
        assert clock.now() == datetime(2026, 10, 31, 15, 0, tzinfo=UTC)


def test_it_moves_forward_only():
    with clock.frozen(NOON) as frozen:
        frozen.move_to(NOON + timedelta(days=1))
        assert clock.now() == frozen.moment == NOON + timedelta(days=1)
        frozen.move_to(NOON + timedelta(days=1))
        with pytest.raises(ValueError, match="cannot go back"):
            frozen.move_to(NOON)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"), clock.frozen(datetime(2026, 11, 1)):  # noqa: DTZ001
        pass


def test_frozen_clocks_nest():
    with clock.frozen(NOON):
        with clock.frozen(NOON - timedelta(days=9)):
            assert clock.now() == NOON - timedelta(days=9)
        assert clock.now() == NOON


@pytest.mark.parametrize(
    ("moment", "tokyo", "new_york"),
    [
        (datetime(2026, 10, 31, 14, 59, tzinfo=UTC), date(2026, 10, 31), date(2026, 10, 31)),
        (datetime(2026, 10, 31, 15, 0, tzinfo=UTC), date(2026, 11, 1), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 3, 59, tzinfo=UTC), date(2026, 11, 1), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 4, 0, tzinfo=UTC), date(2026, 11, 1), date(2026, 11, 1)),
    ],
)
def test_today_is_the_day_of_the_zone(moment, tokyo, new_york):
    with clock.frozen(moment):
        assert clock.today("Asia/Tokyo") == tokyo
        assert clock.today(ZoneInfo("America/New_York")) == new_york


def test_today_without_a_zone_is_the_active_one():
    with clock.frozen(datetime(2026, 10, 31, 15, 0, tzinfo=UTC)):
        with django_timezone.override("Asia/Tokyo"):
            assert clock.today() == date(2026, 11, 1)
            assert clock.local().hour == 0
        with django_timezone.override("UTC"):
            assert clock.today() == date(2026, 10, 31)


def test_an_unknown_zone_is_an_error():
    with pytest.raises(ZoneInfoNotFoundError):
        clock.today("Asia/Nowhere")


def test_other_threads_keep_the_real_time():
    seen = []
    with clock.frozen(NOON):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != NOON


def test_tasks_have_clocks_of_their_own():
    async def at(moment):
        with clock.frozen(moment) as frozen:
            await asyncio.sleep(0)
            frozen.move_to(moment + timedelta(hours=1))
            await asyncio.sleep(0)
            return clock.now()

    async def both():
        return await asyncio.gather(at(NOON), at(NOON + timedelta(days=5)))

    assert asyncio.run(both()) == [NOON + timedelta(hours=1), NOON + timedelta(days=5, hours=1)]
