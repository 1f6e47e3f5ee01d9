"""Which characters can be printed, and what stands for those that cannot.

PDF/A forbids the empty box that a font shows for a character it lacks, and an accountant cannot read it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache

FAMILIES = ("BIZ UDPGothic", "Noto Sans CJK JP")
"""The font of documents, whose other cuts have the same characters, and the one for what it lacks."""
GETA = "〓"
"""What Japanese printers set for a missing character."""

_USUAL = ("cp932", "shift_jis_2004")
_NOT_IN_BIZ_UD = "⦅⦆\x7f\x80"
# They change how the character before them looks, or join characters; the fonts know none of them.
_SELECTORS = re.compile("[\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]")
# Kana from file names of other systems: か and a voicing mark of its own, instead of が.
_SPLIT_KANA = re.compile("[\u3041-\u30ff][\u3099\u309a]")


def legible(text: str) -> str:
    """The text with 〓 for each character that no installed font has; equal where all can be printed.

    Kanji are never exchanged for a usual form (髙 stays 髙); a selector of a variant is left out.
    """
    if all(map(_is_usual, set(text))):
        return text
    text = _SPLIT_KANA.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    text = _SELECTORS.sub("", text)
    missing = {character for character in set(text) if not _is_usual(character) and not _has(character)}
    return text.translate({ord(each): " " if each.isspace() else GETA for each in missing})


@lru_cache(maxsize=20_000)
def _is_usual(character: str) -> bool:
    """Whether it is of Windows 31J or JIS X 0213, which BIZ UD has but for a few."""
    return character not in _NOT_IN_BIZ_UD and any(_is_in(encoding, character) for encoding in _USUAL)


def _is_in(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _has(character: str) -> bool:
    """Whether a font of ours has it; a machine that cannot tell prints what it can."""
    known = [ranges for family in FAMILIES if (ranges := _covered(family))]
    return not known or any(_is_within(ord(character), ranges) for ranges in known)


def _is_within(code: int, ranges: list[tuple[int, int]]) -> bool:
    place = bisect_right(ranges, code, key=lambda each: each[0]) - 1
    return place >= 0 and code <= ranges[place][1]


@cache
def _covered(family: str) -> list[tuple[int, int]]:
    """First and last of each run of characters that the font has, by fontconfig's word; empty without it.

    Reading the large font itself would take 40 MB.
    """
    matcher = shutil.which("fc-match")
    if matcher is None:
        return []
    command = [matcher, "--format=%{family}|%{charset}", family]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    names, _bar, runs = answer.stdout.partition("|")
    return [_run(each) for each in runs.split()] if family in names.split(",") else []


def _run(text: str) -> tuple[int, int]:
    first, _dash, last = text.partition("-")
    return int(first, 16), int(last or first, 16)
