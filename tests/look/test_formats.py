from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from billing_project.templatetags.formats import day, era, moment, yen, yen_text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0円"), (1284360, "1,284,360円"), (-11000, "−11,000円"), (None, "—")],
)
def test_yen_in_japanese(amount: int | None, text: str) -> None:
    with translation.override("ja"):
        assert yen_text(amount) == text


@pytest.mark.parametrize(("amount", "text"), [(0, "¥0"), (1284360, "¥1,284,360"), (-11000, "−¥11,000")])
def test_yen_in_english(amount: int, text: str) -> None:
    with translation.override("en"):
        assert yen_text(amount) == text


def test_yen_as_markup_keeps_figures_in_line_and_marks_negative_sums() -> None:
    with translation.override("ja"):
        assert yen(1000) == '<span class="yen">1,000<span class="yen-unit">円</span></span>'
        assert 'class="yen yen-negative"' in yen(-1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 11, 1), "令和8年11月1日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1920, 1, 1), "1920年1月1日"),
    ],
)
def test_japanese_years(value: date, text: str) -> None:
    assert era(value) == text


def test_moments_are_shown_in_the_zone_of_the_tenant() -> None:
    last_minutes_in_utc = datetime(2026, 10, 31, 15, 5, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert ">2026-11-01 00:05<" in moment(last_minutes_in_utc)
        assert day(last_minutes_in_utc) == '<time class="figures" datetime="2026-11-01">2026-11-01</time>'
        assert era(last_minutes_in_utc) == "令和8年11月1日"


def test_a_missing_day_is_a_dash() -> None:
    assert day(None) == moment(None) == era(None) == "—"
