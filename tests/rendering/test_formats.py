from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing_project.eras import era_date, short_era_date
from invoices.rendering.content import Period
from invoices.rendering.formats import (
    dates_of,
    long_date,
    number,
    printable,
    printable_lines,
    short_date,
    yen,
)
from invoices.rendering.samples import ISSUER


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1_234_567, "1,234,567"),
        (-1_234, "▲1,234"),
        (Decimal("12.50"), "12.5"),
        (Decimal("-1234.000"), "▲1,234"),
        (Decimal(300), "300"),
    ],
)
def test_number(value, text):
    assert number(value) == text


def test_yen():
    assert yen(-50_023) == "▲50,023円"


def test_dates():
    day = date(2026, 3, 1)
    assert long_date(day) == "2026年3月1日"
    assert short_date(day) == "2026/03/01"


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 11, 1), "令和8年11月1日", "R8/11/01"),
        (date(2019, 5, 1), "令和元年5月1日", "R1/05/01"),
        (date(2019, 4, 30), "平成31年4月30日", "H31/04/30"),
        (date(1989, 1, 8), "平成元年1月8日", "H1/01/08"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64/01/07"),
        (date(1900, 1, 1), "1900年1月1日", "1900/01/01"),
    ],
)
def test_days_by_the_japanese_era(day, long, short):
    assert (era_date(day), short_era_date(day)) == (long, short)


def test_periods():
    period = Period(date(2026, 9, 16), date(2026, 10, 15))
    western, era = dates_of(ISSUER), dates_of(replace(ISSUER, era_dates=True))
    assert western.long_period(period) == "2026年9月16日〜2026年10月15日"
    assert western.short_period(period) == "2026/09/16〜2026/10/15"
    assert era.long_period(period) == "令和8年9月16日〜令和8年10月15日"
    assert era.short_period(period) == "R8/09/16〜R8/10/15"


def test_printable_keeps_the_wide_blank():
    assert printable("株式会社\u3000アクメ") == "株式会社\u3000アクメ"


def test_printable_lines_drop_blank_ones():
    assert printable_lines("一行目\r\n\r\n 二行目\t\n") == ["一行目", "二行目"]
