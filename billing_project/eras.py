"""Years of the Japanese eras (元号法). Pure."""

from __future__ import annotations

from datetime import date

# First day (of Reiwa and Heisei by the cabinet orders under the law), name, and the letter in short dates.
_ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
)


def era_date(day: date) -> str:
    """`令和8年11月1日`, the first year 元年; a day before the eras known here by its western year."""
    name, _letter, year = _era_of(day)
    return f"{name}{'元' if name and year == 1 else year}年{day.month}月{day.day}日"


def short_era_date(day: date) -> str:
    """`R8/11/01`, for columns."""
    _name, letter, year = _era_of(day)
    return f"{letter}{year}/{day:%m/%d}"


def _era_of(day: date) -> tuple[str, str, int]:
    for first_day, name, letter in _ERAS:
        if day >= first_day:
            return name, letter, day.year - first_day.year + 1
    return "", "", day.year
