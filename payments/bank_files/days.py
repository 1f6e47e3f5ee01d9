"""Days as bank files write them."""

from __future__ import annotations

import re
from datetime import date

REIWA = 2018
"""令和1年 is 2019."""
_DIGITS = re.compile(r"\d+")


def reiwa_day(text: str) -> date:
    """`081102` is 2026-11-02. Raises ValueError for what is no day of the era 令和."""
    if len(text) != 6 or not text.isdigit() or text.startswith("00"):
        raise ValueError(text)
    return date(REIWA + int(text[:2]), int(text[2:4]), int(text[4:]))


def written_day(text: str, *, japanese_era: bool) -> date:
    """`2026/11/2`, `2026年11月2日`, `20261102`; of the Japanese era `R8.11.2`, `令和8年11月2日`, `081102`.

    Raises ValueError for what is no such day.
    """
    parts = _DIGITS.findall(text)
    if len(parts) == 1:
        year_ends = len(parts[0]) - 4
        parts = [parts[0][:year_ends], parts[0][year_ends:-2], parts[0][-2:]]
    if len(parts) < 3 or len(parts[0]) != (4 if not japanese_era else len(parts[0])):
        raise ValueError(text)
    year, month, day = (int(part) for part in parts[:3])
    if japanese_era and not 1 <= year <= 99:
        raise ValueError(text)
    return date(year + REIWA if japanese_era else year, month, day)
