"""Decisions about money that arrives. Pure: no database, no clock.

Banks print payers in half-width kana. Names are brought to one spelling before they are compared: NFKC, then
half-width, small kana large, long vowel as hyphen, letters as capitals (全銀協 record formats).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing_project.errors import Code, InvalidValue, Refusal
from billing_project.money import MAX_YEN

MAX_NAME = 100
MAX_REFERENCE = 120

_HALF_WIDTH = {
    unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFFA0) if code != 0xFF70
}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_HYPHENS = str.maketrans(dict.fromkeys("ー‐‑‒–—―−", "-"))
_HIRAGANA = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})
_BLANKS = re.compile(r"\s+")

# Legal forms as banks shorten them (株式 有限 合名 合資 合同 医療 財団 社団 宗教 学校 社会福祉 特定非営利
# 弁護士 税理士法人), and as companies spell out their own kana name.
_SHORT_FORMS = "ｶ|ﾕ|ﾒ|ｼ|ﾄﾞ|ｲ|ｻﾞｲ|ｼﾔ|ｼﾕｳ|ｶﾞｸ|ﾌｸ|ﾄｸﾋ|ﾍﾞﾝ|ｾﾞｲ"
_LONG_FORMS = "ｶﾌﾞｼｷｶﾞｲｼﾔ|ﾕｳｹﾞﾝｶﾞｲｼﾔ|ｺﾞｳﾄﾞｳｶﾞｲｼﾔ|ｺﾞｳｼｶﾞｲｼﾔ|ｺﾞｳﾒｲｶﾞｲｼﾔ"
_LEGAL_FORM = re.compile(
    rf"^(?:{_SHORT_FORMS})\)|\((?:{_SHORT_FORMS})\)|\((?:{_SHORT_FORMS})$|^(?:{_LONG_FORMS})|(?:{_LONG_FORMS})$"
)


def printed_name(text: str) -> str:
    """A name as a bank prints it: `株式` is left as it is, `（カ）あくめー ` becomes `(ｶ)ｱｸﾒ-`."""
    wide = unicodedata.normalize("NFKC", text).translate(_HIRAGANA).translate(_LARGE).translate(_HYPHENS)
    apart = unicodedata.normalize("NFD", wide)
    half = "".join(_HALF_WIDTH.get(character, character) for character in apart)
    return _BLANKS.sub(" ", half).strip().upper()


def bare_name(text: str) -> str:
    """The printed name without legal form and blanks: `ｶ)ｱｸﾒ ｼﾖｳｶｲ` and `ｱｸﾒｼﾖｳｶｲ(ｶ` are the same company."""
    return _LEGAL_FORM.sub("", printed_name(text).replace(" ", ""))


def check_transfer(*, amount: int, payer_name: str, received_on: date, reference: str, today: date) -> None:
    """Raises Refusal `invalid_amount`, `invalid_date` or `invalid_input` for a transfer that cannot be."""
    if not 1 <= amount <= MAX_YEN:
        raise InvalidValue(Code.INVALID_AMOUNT, _("A transfer is from 1 to 999,999,999,999 yen."))
    if received_on > today:
        raise InvalidValue(Code.INVALID_DATE, _("A transfer cannot have arrived in the future."))
    if not payer_name.strip() or len(printed_name(payer_name)) > MAX_NAME:
        raise InvalidValue(Code.INVALID_INPUT, _("Enter the payer's name as the bank prints it."))
    if not reference.strip() or len(reference) > MAX_REFERENCE or "\0" in payer_name + reference:
        raise InvalidValue(Code.INVALID_INPUT, _("Enter the bank's reference of the transfer."))


def check_same_transfer(*, same: bool, reference: str) -> None:
    """Raises Refusal `invalid_input` when a reference that was booked comes again with other content."""
    if not same:
        raise Refusal(
            Code.INVALID_INPUT,
            _("The reference %(reference)s has been booked with another amount, payer or date."),
            reference=reference,
        )
