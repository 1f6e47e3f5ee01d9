"""Bank business days, months, windows and day rules. Expected days are read off printed calendars."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_project import clock
from billing_project.calendar import (
    DayRule,
    Month,
    add_bank_business_days,
    add_months,
    is_bank_business_day,
    last_day_of_term,
    last_day_of_window,
    local_midnight,
    next_bank_business_day,
    nth_bank_business_day,
)
from billing_project.errors import Code, InvalidValue

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2098, 12, 31))
months = st.builds(Month, st.integers(1990, 2097), st.integers(1, 12))
codes = st.one_of(
    st.builds(lambda day, roll: f"{day}{roll}", st.integers(1, 28), st.sampled_from(["", "+"])),
    st.sampled_from(["last", "last+"]),
    st.builds(lambda nth: f"bd{nth}", st.integers(1, 15)),
)
offsets = st.integers(-9, 12).map(lambda offset: f"@{offset}" if offset else "")
rules = st.builds(lambda code, offset: DayRule.parse(code + offset), codes, offsets)
zones = st.sampled_from(sorted(zoneinfo.available_timezones()))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 2), True),  # Monday
        (date(2026, 11, 3), False),  # Culture Day
        (date(2026, 11, 7), False),  # Saturday
        (date(2026, 11, 8), False),  # Sunday
        (date(2026, 9, 22), False),  # between two holidays (国民の休日)
        (date(2026, 5, 6), False),  # substitute for Sunday 3 May
        (date(2027, 3, 22), False),  # substitute for Sunday 21 March
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), False),
        (date(2024, 1, 2), False),  # Tuesday, banks only
        (date(2024, 1, 3), False),
        (date(2024, 1, 4), True),
        (date(2019, 4, 30), False),  # ten days for the new emperor
        (date(2019, 5, 7), True),
    ],
)
def test_bank_business_days(day, is_open):
    assert is_bank_business_day(day) is is_open


def test_the_next_bank_business_day_may_be_the_day_itself():
    assert next_bank_business_day(date(2026, 12, 30)) == date(2026, 12, 30)
    assert next_bank_business_day(date(2026, 12, 31)) == date(2027, 1, 4)
    assert next_bank_business_day(date(2019, 4, 27)) == date(2019, 5, 7)


def test_business_days_are_counted_from_the_day_after():
    friday = date(2026, 10, 30)
    assert add_bank_business_days(friday, 0) == friday
    assert add_bank_business_days(friday, 3) == date(2026, 11, 5)  # 11-02, 11-04, 11-05
    assert add_bank_business_days(date(2026, 10, 31), 1) == date(2026, 11, 2)


@pytest.mark.parametrize("day", [date(1948, 12, 31), date(2100, 1, 1)])
def test_a_year_without_known_holidays_is_refused(day):
    with pytest.raises(InvalidValue, match="from 1949 to 2099") as refused:
        is_bank_business_day(day)
    assert refused.value.code == Code.INVALID_DATE


@pytest.mark.parametrize("nth", [0, -1, 23])
def test_a_month_has_only_so_many_business_days(nth):
    with pytest.raises(ValueError, match="no bank business day"):
        nth_bank_business_day(Month(2026, 11), nth)


@pytest.mark.parametrize(
    ("code", "resolved"),
    [
        ("bd3", ["2026-11-05", "2026-12-03", "2027-01-06", "2027-03-03", "2027-05-10"]),
        ("bd5", ["2026-11-09", "2026-12-07", "2027-01-08", "2027-03-05", "2027-05-12"]),
        ("26+", ["2026-11-26", "2026-12-28", "2027-01-26", "2027-03-26", "2027-05-26"]),
        ("last+", ["2026-11-30", "2027-01-04", "2027-02-01", "2027-03-31", "2027-05-31"]),
        ("last", ["2026-11-30", "2026-12-31", "2027-01-31", "2027-03-31", "2027-05-31"]),
        ("1", ["2026-11-01", "2026-12-01", "2027-01-01", "2027-03-01", "2027-05-01"]),
        ("1+", ["2026-11-02", "2026-12-01", "2027-01-04", "2027-03-01", "2027-05-06"]),
        ("last+@1", ["2027-01-04", "2027-02-01", "2027-03-01", "2027-04-30", "2027-06-30"]),
        ("last@-1", ["2026-10-31", "2026-11-30", "2026-12-31", "2027-02-28", "2027-04-30"]),
    ],
)
def test_day_rules(code, resolved):
    billing_months = ["2026-11", "2026-12", "2027-01", "2027-03", "2027-05"]
    found = [DayRule.parse(code).resolve(Month.parse(month)).isoformat() for month in billing_months]
    assert found == resolved


def test_february_in_a_leap_year():
    assert DayRule.parse("last").resolve(Month(2028, 2)) == date(2028, 2, 29)
    assert DayRule.parse("last").resolve(Month(2100, 2)) == date(2100, 2, 28)


@pytest.mark.parametrize("code", ["1", "28", "last", "bd3", "26+", "last+", "last+@1", "15@-1", "bd15@12"])
def test_a_rule_is_written_as_it_was_read(code):
    assert str(DayRule.parse(code)) == code


def test_numbers_spaces_and_rules_can_be_read():
    assert DayRule.parse(15) == DayRule.parse(" 15 ") == DayRule.parse(DayRule(15))
    assert str(DayRule.parse("last@0")) == "last"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "0",
        "99",
        "bd",
        "bd0",
        "bd16",
        "+",
        "last-",
        "@1",
        "1@",
        "1@13",
        "1@-10",
        "1++",
        "LAST",
        "1.5",
        "-1",
        None,
        True,
    ],
)
def test_other_codes_are_refused(code):
    with pytest.raises(InvalidValue, match="is not a day rule") as refused:
        DayRule.parse(code)
    assert refused.value.code == Code.INVALID_DAY_RULE


@pytest.mark.parametrize("code", ["29", "30", "31+", "31@1"])
def test_a_day_that_not_every_month_has_is_explained(code):
    with pytest.raises(InvalidValue, match="Write last"):
        DayRule.parse(code)


def test_a_business_day_cannot_be_moved():
    with pytest.raises(InvalidValue, match=r"Leave out the \+"):
        DayRule.parse("bd3+")


def test_the_next_dates_of_a_rule():
    rule = DayRule.parse("last+")
    assert rule.next_dates(date(2026, 11, 15)) == [date(2026, 11, 30), date(2027, 1, 4), date(2027, 2, 1)]
    assert rule.next_dates(date(2027, 1, 2), count=1) == [date(2027, 1, 4)]
    assert rule.next_dates(date(2027, 1, 4), count=1) == [date(2027, 2, 1)]
    assert DayRule.parse("last+@1").next_dates(date(2027, 1, 2), count=1) == [date(2027, 1, 4)]
    assert DayRule.parse("15@-1").next_dates(date(2027, 1, 2), count=1) == [date(2027, 1, 15)]


def test_a_rule_shifted():
    assert str(DayRule.parse("last+").shifted(1)) == "last+@1"
    assert str(DayRule.parse("last+@1").shifted(-1)) == "last+"


@given(rules)
def test_rules_survive_their_code(rule):
    assert DayRule.parse(str(rule)) == rule


@given(rules, months)
def test_a_rule_that_minds_banks_gives_a_bank_business_day(rule, month):
    resolved = rule.resolve(month)
    if rule.business or rule.roll:
        assert is_bank_business_day(resolved)
    assert (
        month.plus(rule.offset).first_day <= resolved <= month.plus(rule.offset).last_day + timedelta(days=10)
    )


@given(rules, days)
def test_the_next_dates_are_all_dates_of_the_rule(rule, day):
    # What scanning month by month from long ago finds is what next_dates finds at once.
    scanned = [rule.resolve(Month.of(day).plus(index - rule.offset)) for index in range(-3, 5)]
    assert rule.next_dates(day) == sorted(found for found in scanned if found > day)[:3]


@given(months, st.integers(-500, 500))
def test_months_add_and_compare(month, count):
    later = month.plus(count)
    assert later.plus(-count) == month
    assert (later > month) == (count > 0)
    assert Month.of(later.first_day) == Month.of(later.last_day) == later
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "0000-01", "2026-1", "26-10", "2026/10", "", "２０２６-10"]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(InvalidValue, match="Write it like 2026-10"):
        Month.parse(text)


def test_months_are_counted_from_the_anchor():
    # killbill advanceByNPeriods: step by step, 31 January + 3 ends on the 28th
    january = date(2027, 1, 31)
    found = [add_months(january, count).isoformat() for count in (1, 2, 3, 13, -2)]
    assert found == ["2027-02-28", "2027-03-31", "2027-04-30", "2028-02-29", "2026-11-30"]
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert add_months(date(2026, 11, 15), 1) == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 3, 10), 12, date(2027, 2, 28)),  # H2
        (date(2026, 3, 2), 12, date(2027, 2, 28)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 1, 31)),
        (date(2026, 12, 1), 2, date(2027, 1, 31)),
    ],
)
def test_terms_end_with_their_last_calendar_month(start, count, end):
    assert last_day_of_term(start, count) == end


@pytest.mark.parametrize("function", [last_day_of_term, last_day_of_window])
def test_terms_and_windows_have_at_least_one_day(function):
    with pytest.raises(ValueError, match="at least one"):
        function(date(2026, 1, 1), 0)


def test_windows_include_their_first_day():
    assert last_day_of_window(date(2026, 11, 1), 7) == date(2026, 11, 7)  # A13
    assert last_day_of_window(date(2026, 11, 1), 30) == date(2026, 11, 30)  # A5
    assert last_day_of_window(date(2026, 11, 1), 1) == date(2026, 11, 1)


def test_midnight_in_tokyo():
    assert local_midnight(date(2026, 11, 1), "Asia/Tokyo") == datetime(2026, 10, 31, 15, 0, tzinfo=UTC)


def test_midnight_where_clocks_jump_over_it_or_repeat_it():
    # São Paulo 2018-11-04: 00:00 did not exist; Havana 2026-11-01: 00:00–00:59 comes twice
    assert local_midnight(date(2018, 11, 4), "America/Sao_Paulo") == datetime(2018, 11, 4, 3, 0, tzinfo=UTC)
    assert local_midnight(date(2026, 11, 1), "America/Havana") == datetime(2026, 11, 1, 4, 0, tzinfo=UTC)


@settings(max_examples=300)
@given(st.dates(min_value=date(2012, 1, 1), max_value=date(2050, 12, 31)), zones)
def test_a_day_begins_at_its_midnight_in_every_zone(day, zone):
    midnight = local_midnight(day, zone)
    with clock.frozen(midnight - timedelta(microseconds=1)) as frozen:
        assert clock.today(zone) == day - timedelta(days=1)
        frozen.move_to(midnight)
        assert clock.today(zone) == day


@settings(max_examples=300)
@given(st.datetimes(datetime(2012, 1, 2), datetime(2050, 12, 30), timezones=st.timezones()), zones)  # noqa: DTZ001
def test_every_moment_lies_between_two_midnights(moment, zone):
    # getlago #879, killbill #139: "already billed" judged in another zone bills a period twice
    with clock.frozen(moment):
        today = clock.today(zone)
    assert local_midnight(today, zone) <= moment < local_midnight(today + timedelta(days=1), zone)


def test_every_hour_across_midnight_in_japan_belongs_to_one_month():
    start = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)
    seen = []
    with clock.frozen(start) as frozen:
        for hour in range(6):
            frozen.move_to(start + timedelta(hours=hour))
            seen.append(str(Month.of(clock.today("Asia/Tokyo"))))
    assert seen == ["2026-10"] * 3 + ["2026-11"] * 3
