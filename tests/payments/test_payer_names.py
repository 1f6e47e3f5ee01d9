"""Names as banks print them, and the one customer they fit."""

from __future__ import annotations

import pytest

from billing_project.errors import Code
from payments.models import PayerName
from payments.rules import bare_name, printed_name
from payments.selectors import customer_of_payer
from payments.services import add_payer_name
from tests.acts import refused
from tests.factories import make_customer


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("ｶ)ｱｸﾒ", "ｶ)ｱｸﾒ"),
        ("カ）アクメ", "ｶ)ｱｸﾒ"),
        ("カ)あくめ", "ｶ)ｱｸﾒ"),
        ("ジャパン　ネット(ド", "ｼﾞﾔﾊﾟﾝ ﾈﾂﾄ(ﾄﾞ"),
        ("ｼﾞｬﾊﾟﾝ", "ｼﾞﾔﾊﾟﾝ"),
        ("スーパー", "ｽ-ﾊﾟ-"),
        ("ｽｰﾊﾟｰ", "ｽ-ﾊﾟ-"),
        ("ヴィラ", "ｳﾞｲﾗ"),
        ("Ａｃｍｅ  co．", "ACME CO."),
        ("  ｱｸﾒ  ", "ｱｸﾒ"),
        ("０１２３ｱｸﾒ", "0123ｱｸﾒ"),
    ],
)
def test_one_spelling(written: str, printed: str) -> None:
    assert printed_name(written) == printed
    assert printed_name(printed) == printed


@pytest.mark.parametrize(
    "written",
    [
        "ｶ)ｱｸﾒ ｼﾖｳｶｲ",
        "ｱｸﾒｼﾖｳｶｲ(ｶ",
        "ｱｸﾒ(ｶ)ｼﾖｳｶｲ",
        "ﾕ)ｱｸﾒｼﾖｳｶｲ",
        "ﾄﾞ)ｱｸﾒｼﾖｳｶｲ",
        "カブシキガイシャ アクメショウカイ",
        "アクメショウカイ合同会社".replace("合同会社", "ゴウドウガイシャ"),
    ],
)
def test_without_legal_form_and_blanks(written: str) -> None:
    assert bare_name(written) == "ｱｸﾒｼﾖｳｶｲ"


@pytest.mark.usefixtures("in_tenant")
class TestFinding:
    def test_a_known_payer_name(self) -> None:
        acme = make_customer()
        make_customer("株式会社ベータ")
        add_payer_name(customer=acme, name="カ）アクメ")
        assert customer_of_payer("ｶ)ｱｸﾒ") == acme
        assert customer_of_payer("ｶ)ｱｸﾒ2") is None

    def test_the_customers_own_kana_name(self) -> None:
        acme = make_customer(name_kana="カブシキガイシャアクメ")
        assert customer_of_payer("ｱｸﾒ(ｶ") == acme
        assert customer_of_payer("ｱｸ") is None

    def test_a_name_that_fits_two_finds_none(self) -> None:
        acme, other = make_customer(), make_customer(name_kana="アクメ")
        add_payer_name(customer=acme, name="ｶ)ｱｸﾒ")
        assert customer_of_payer("ｶ)ｱｸﾒ") is None
        assert customer_of_payer("ｱｸﾒ") == other

    def test_one_customer_by_both_ways_is_one(self) -> None:
        acme = make_customer(name_kana="アクメ")
        add_payer_name(customer=acme, name="ｶ)ｱｸﾒ")
        assert customer_of_payer("ｶ)ｱｸﾒ") == acme

    def test_only_a_legal_form_fits_nobody(self) -> None:
        make_customer(name_kana="カブシキガイシャ")
        assert customer_of_payer("ｶ)") is None

    def test_a_name_is_kept_once(self) -> None:
        acme = make_customer()
        for name in ("ｶ)ｱｸﾒ", "カ）アクメ"):
            add_payer_name(customer=acme, name=name)
        assert PayerName.objects.count() == 1

    @pytest.mark.parametrize("name", ["", "　 ", "ｱ" * 101])
    def test_names_that_are_none(self, name: str) -> None:
        with refused(Code.INVALID_INPUT):
            add_payer_name(customer=make_customer(), name=name)
