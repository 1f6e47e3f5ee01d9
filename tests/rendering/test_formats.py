from datetime import date
from decimal import Decimal

import pytest

from invoices.rendering.content import Period
from invoices.rendering.formats import (
    long_date,
    long_period,
    number,
    printable,
    printable_lines,
    short_date,
    short_period,
    yen,
)


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


def test_periods():
    period = Period(date(2026, 9, 16), date(2026, 10, 15))
    assert long_period(period) == "2026年9月16日〜2026年10月15日"
    assert short_period(period) == "2026/09/16〜2026/10/15"


def test_printable_keeps_the_wide_blank():
    assert printable("株式会社\u3000アクメ") == "株式会社\u3000アクメ"


def test_printable_lines_drop_blank_ones():
    assert printable_lines("一行目\r\n\r\n 二行目\t\n") == ["一行目", "二行目"]
