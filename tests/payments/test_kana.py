"""Names on their way into a bank file, and legal forms on their way out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bank_files.kana import ALLOWED, NotBankKana, bank_kana, printed_name
from payments.bank_files.legal_forms import bare_name, without_numbers


@pytest.mark.parametrize(
    ("written", "bank"),
    [
        ("カ)アクメ", "ｶ)ｱｸﾒ"),
        ("かぶしきがいしゃ", "ｶﾌﾞｼｷｶﾞｲｼﾔ"),
        ("キャッツ", "ｷﾔﾂﾂ"),
        ("サーバー", "ｻ-ﾊﾞ-"),
        ("パピプペポ", "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ"),
        ("ヴ", "ｳﾞ"),
        ("ハ゛ハ゜", "ﾊﾞﾊﾟ"),
        ("ｶﾞ", "ｶﾞ"),
        ("㌔", "ｷﾛ"),
        ("Shimebi Co.", "SHIMEBI CO."),
        ("１２－３", "12-3"),
        ("ヵヶヮ", "ｶｹﾜ"),
        ("  ｱ　 ｲ ", "ｱ ｲ"),
        ("", ""),
    ],
)
def test_to_the_bank(written: str, bank: str) -> None:
    assert bank_kana(written) == bank
    assert bank_kana(bank) == bank


@pytest.mark.parametrize(
    ("written", "character", "position"),
    [
        ("アクメ株式会社", "株", 4),
        ("㈱アクメ", "㈱", 1),
        ("ヲシテ", "ヲ", 1),
        ("ｱｦ", "ｦ", 2),
        ("ガガ・", "・", 3),
        ("A&B", "&", 2),
        ("ｱ,ｲ", ",", 2),
        ("ｱ「", "「", 2),
        ("é", "é", 1),
    ],
)
def test_what_cannot_be_written(written: str, character: str, position: int) -> None:
    with pytest.raises(NotBankKana) as refusal:
        bank_kana(written)
    assert refusal.value.details == {"character": character, "position": position}
    assert f"{position}" in refusal.value.message


@given(st.text())
def test_written_or_refused(text: str) -> None:
    try:
        written = bank_kana(text)
    except NotBankKana:
        return
    assert ALLOWED.issuperset(written)
    assert len(written.encode("cp932")) == len(written)
    assert printed_name(written) == written


@pytest.mark.parametrize(
    "written",
    [
        *(
            f"{form})ｱｸﾒ"
            for form in [
                "ｶ",
                "ﾕ",
                "ﾒ",
                "ｼ",
                "ﾄﾞ",
                "ｲ",
                "ｻﾞｲ",
                "ｼﾔ",
                "ｼﾕｳ",
                "ｶﾞｸ",
                "ﾌｸ",
                "ﾄｸﾋ",
                "ﾍﾞﾝ",
                "ｾﾞｲ",
                "ｿ",
                "ﾄﾞｸ",
                "ﾉｳ",
                "ﾛｳﾑ",
            ]
        ),
        *(f"ｱｸﾒ({form}" for form in ["ｶ", "ﾕ", "ﾒ", "ｼ", "ﾄﾞ", "ｲ", "ｻﾞｲ", "ｼﾔ"]),
        "ｱｸ(ｶ)ﾒ",
        "ｱｸﾒ(ｶ)",
        "ｺﾞｳﾄﾞｳｶﾞｲｼﾔ ｱｸﾒ",
        "ｱｸﾒ ｺﾞｳﾄﾞｳｶﾞｲｼﾔ",
        "いりょうほうじん アクメ",
        "ｲﾂﾊﾟﾝｼﾔﾀﾞﾝﾎｳｼﾞﾝｱｸﾒ",
        "ｱｸﾒ(ｶ)ｵｵｻｶ(ｴｲ",
        "ｶ)ｱｸﾒ ｵｵｻｶ(ｼﾕﾂ",
        "ｱｸﾒ(ｶ(ｴｲ",
        "ｶ)ｱｸﾒ(ｴｲ",
    ],
)
def test_bare_names(written: str) -> None:
    assert bare_name(written) == "ｱｸﾒ"


@pytest.mark.parametrize("written", ["ｶｱｸﾒ", "ｱｸﾒｶ", "ｱｸﾒ(ﾊ", "ｷ)ｱｸﾒ", "ｼﾔ ｱｸﾒ"])
def test_names_that_only_look_like_it(written: str) -> None:
    assert bare_name(written) != "ｱｸﾒ"


@pytest.mark.parametrize(
    ("written", "name"),
    [("1234 ｱｸﾒ", "ｱｸﾒ"), ("ｱｸﾒ00012", "ｱｸﾒ"), ("ｱｸﾒ2", "ｱｸﾒ2"), ("123ｱｸﾒ", "123ｱｸﾒ"), ("20-26ｱｸﾒ", "ｱｸﾒ")],
)
def test_numbers_before_or_after(written: str, name: str) -> None:
    assert without_numbers(written) == name
