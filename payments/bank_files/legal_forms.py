"""Legal forms in the names of payers, as banks shorten them (全銀協 略語) and as companies spell them out."""

from __future__ import annotations

import re
from functools import lru_cache

from payments.bank_files.kana import printed_name

# 株式 有限 合名 合資 合同 相互 医療 財団 社団 宗教 学校 社会福祉 特定非営利 更生保護 独立行政 地方独立行政
# 国立大学 公立大学 農事組合 管理組合 社会保険労務士 弁護士 行政書士 司法書士 税理士
_SHORT = "ｶ|ﾕ|ﾒ|ｼ|ﾄﾞ|ｿ|ｲ|ｻﾞｲ|ｼﾔ|ｼﾕｳ|ｶﾞｸ|ﾌｸ|ﾄｸﾋ|ﾎｺﾞ|ﾄﾞｸ|ﾁﾄﾞｸ|ﾀﾞｲ|ｺﾀﾞｲ|ﾉｳ|ｶﾝﾘ|ﾛｳﾑ|ﾍﾞﾝ|ｷﾞﾖ|ｼﾎｳ|ｾﾞｲ"
_BODY = "ﾎｳｼﾞﾝ"
_LONG = "|".join(
    [
        *(f"{form}ｶﾞｲｼﾔ" for form in ("ｶﾌﾞｼｷ", "ﾕｳｹﾞﾝ", "ｺﾞｳﾄﾞｳ", "ｺﾞｳｼ", "ｺﾞｳﾒｲ")),
        *(f"{kind}{body}{_BODY}" for kind in ("ｲﾂﾊﾟﾝ", "ｺｳｴｷ") for body in ("ｼﾔﾀﾞﾝ", "ｻﾞｲﾀﾞﾝ")),
        *(f"{kind}{_BODY}" for kind in ("ｲﾘﾖｳ", "ｶﾞﾂｺｳ", "ｼﾕｳｷﾖｳ", "ｼﾔｶｲﾌｸｼ", "ﾄｸﾃｲﾋｴｲﾘｶﾂﾄﾞｳ")),
        *(f"{kind}{_BODY}" for kind in ("ﾍﾞﾝｺﾞｼ", "ｾﾞｲﾘｼ", "ｼﾎｳｼﾖｼ", "ｷﾞﾖｳｾｲｼﾖｼ", "ｼﾔｶｲﾎｹﾝﾛｳﾑｼ")),
    ]
)
_LEGAL_FORM = re.compile(rf"^(?:{_SHORT})\)|\((?:{_SHORT})\)|\((?:{_SHORT})$|^(?:{_LONG})|(?:{_LONG})$")
_OFFICE = re.compile(r"\((?:ｴｲ|ｼﾕﾂ)\)?$")
_OFFICE_AFTER_FORM = re.compile(rf"(?<=.)\((?:{_SHORT})\).*$")
_NUMBER_BEFORE_OR_AFTER = re.compile(r"^\d[\d-]{2,}\d|\d[\d-]{2,}\d$")


@lru_cache(maxsize=65536)
def bare_name(text: str) -> str:
    """The printed name without legal form and blanks: `ｶ)ｱｸﾒ ｼﾖｳｶｲ` and `ｱｸﾒｼﾖｳｶｲ(ｶ` are the same company.

    The name of an office goes with its mark: `ｱｸﾒ(ｶ)ｵｵｻｶ(ｴｲ` and `ｶ)ｱｸﾒ ｵｵｻｶ(ｴｲ` are `ｱｸﾒ`. A company that
    is nothing but its legal form has the empty name.
    """
    name = printed_name(text)
    if without_mark := _without_office(name):
        name = without_mark
    return _LEGAL_FORM.sub("", name.replace(" ", "")).replace("ｦ", "ｵ")


def without_numbers(text: str) -> str:
    """The printed name without a number of four digits or more that the payer put before or after it."""
    return _NUMBER_BEFORE_OR_AFTER.sub("", printed_name(text)).strip()


def _without_office(name: str) -> str:
    """What stands before the office's name, or nothing when there is no office."""
    marked = _OFFICE.sub("", name)
    if marked == name:
        return ""
    if _OFFICE_AFTER_FORM.search(marked):
        return _OFFICE_AFTER_FORM.sub("", marked)
    return marked.rpartition(" ")[0] or marked
