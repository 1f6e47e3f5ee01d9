"""Names as banks write them: half-width kana, letters and digits, one byte each (JIS X 0201).

There is one way from any spelling to the bank's: full-width to half-width (NFKC and a table), hiragana to
katakana, small kana to large, the long vowel to a hyphen, voiced marks apart, letters to capitals.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from billing_project.errors import Code, InvalidValue

_HALF_WIDTH = {
    unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFFA0) if code != 0xFF70
}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_HYPHENS = str.maketrans(dict.fromkeys("ー‐‑‒–—―−", "-"))
_HIRAGANA = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})
_MARKS = {"゛": "ﾞ", "゜": "ﾟ"}
_BLANKS = re.compile(r"\s+")
_KANA = {chr(code) for code in range(0xFF71, 0xFFA0)}
ALLOWED = frozenset(_KANA | set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()-."))
"""What a name in a bank file may hold: kana without ｦ, A–Z, 0–9, blank, brackets, hyphen, full stop."""


class NotBankKana(InvalidValue):
    """A character that bank files do not know; `position` counts from 1 in the text as it was given."""

    def __init__(self, character: str, position: int) -> None:
        super().__init__(
            Code.INVALID_INPUT,
            _(
                "Character %(position)d, %(character)s, cannot be written in a bank file."
                " Use kana, letters A to Z, digits, blank, ( ) - and full stop."
            ),
            character=character,
            position=position,
        )


def printed_name(text: str) -> str:
    """A name as a bank prints it: `（カ）あくめー` becomes `(ｶ)ｱｸﾒ-`; `株式` has no such form and stays."""
    return _BLANKS.sub(" ", "".join(map(_half_width, text))).strip()


def bank_kana(text: str) -> str:
    """The same for a name that is to be written. Raises NotBankKana for what a bank file cannot hold."""
    for position, character in enumerate(text, start=1):
        if not ALLOWED.issuperset(_BLANKS.sub(" ", _half_width(character))):
            raise NotBankKana(character, position)
    return printed_name(text)


@lru_cache(maxsize=4096)
def _half_width(character: str) -> str:
    if character in _MARKS:
        return _MARKS[character]
    wide = unicodedata.normalize("NFKC", character).translate(_HIRAGANA).translate(_LARGE)
    apart = unicodedata.normalize("NFD", wide.translate(_HYPHENS))
    return "".join(_HALF_WIDTH.get(part, part) for part in apart).upper()
