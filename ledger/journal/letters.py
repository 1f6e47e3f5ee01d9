"""Texts in Shift_JIS (cp932): what it cannot write is replaced by a rule and counted, never lost silently."""

from __future__ import annotations

import unicodedata
from collections import Counter

GETA = "〓"
"""What printers set for a character they do not have."""

# Common in names, with the form that JIS X 0208 has; and signs that cp932 knows by another number.
_VARIANTS = {
    "𠮷": "吉",
    "𠮟": "叱",
    "𡈽": "土",
    "𣘺": "橋",
    "𥙿": "裕",
    "𦥑": "臼",
    "塚": "塚",
    "瀨": "瀬",
    "頰": "頬",
    "剝": "剥",
    "塡": "填",
    "〜": "～",
    "−": "－",
    "—": "―",
    "‖": "∥",
    "¥": "￥",
    "–": "-",
    "\u00a0": " ",
}


def written(text: str, replaced: Counter[str]) -> bytes:
    """The text in cp932. `replaced` counts what was changed, as `𠮷→吉`."""
    try:
        return text.encode("cp932")
    except UnicodeEncodeError:
        return "".join(_instead(letter, replaced) for letter in unicodedata.normalize("NFC", text)).encode(
            "cp932"
        )


def _instead(letter: str, replaced: Counter[str]) -> str:
    if _is_known(letter):
        return letter
    other = _VARIANTS.get(letter) or _plain(letter)
    replaced[f"{letter}→{other}"] += 1
    return other


def _plain(letter: str) -> str:
    """A compatible form (é is e), or the mark for a missing character; selectors of variants are dropped."""
    if unicodedata.category(letter) in ("Mn", "Cf"):
        return ""
    plain = "".join(each for each in unicodedata.normalize("NFKD", letter) if _is_known(each))
    return plain or GETA


def _is_known(letter: str) -> bool:
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def width(letter: str) -> int:
    """Places on the line: half-width 1, full-width 2."""
    return 2 if unicodedata.east_asian_width(letter) in "WFA" else 1


def shortened(text: str, places: int) -> str:
    """As much of the text as fits into so many half-width places."""
    taken = 0
    for index, letter in enumerate(text):
        taken += width(letter)
        if taken > places:
            return text[:index]
    return text


def on_one_line(text: str) -> str:
    """Without line breaks and control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
