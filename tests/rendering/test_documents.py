"""What each kind of document prints (the table "Contents by kind" and the worked numbers of the spec)."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from accounts.policy.choices import TaxCategory
from invoices.rendering import render
from invoices.rendering.content import Kind, PrintedDocument, default_title
from invoices.rendering.samples import ISSUER, sample_invoice
from invoices.tax import TaxSum
from tests.rendering import documents
from tests.rendering.reading import facts_of, fonts_of, pages_of, text_of


@cache
def printed_by(document: PrintedDocument) -> str:
    return text_of(render(document))


def lines_of(document: PrintedDocument) -> list[str]:
    return printed_by(document).splitlines()


def assert_prints(document: PrintedDocument, *expected: str) -> None:
    printed = lines_of(document)
    assert [line for line in expected if line not in printed] == []


@pytest.mark.parametrize("make", documents.EVERY_KIND)
def test_every_kind_names_its_parties_number_and_date(make):
    document = make()
    printed = lines_of(document)
    assert printed[0] == document.title
    for expected in ("〒469-7013", "東京都千代田区丸の内3-2-5", "株式会社日新薬局 御中", "斎藤太郎 様"):
        assert expected in printed
    for expected in ("アルファ証明書株式会社", "〒100-0005", "TEL 03-0000-0100", "billing@alpha.example"):
        assert expected in printed
    number_label = document.title.split("(")[0] + "番号"
    assert f"{number_label} {document.number}" in printed
    assert f"発行日 2026年11月{document.issued_on.day}日" in printed
    assert "1 / 1" in printed


def test_invoice_prints_all_that_a_qualified_invoice_needs():
    assert_prints(
        documents.invoice(),
        "請求書(適格請求書)",
        "登録番号 T7000012050002",
        "お支払期限 2026年11月30日",
        "取引期間 2026年10月1日〜2026年10月31日",
        "お支払方法 銀行振込(後払い)",
        "取引日 内容 数量 単位 単価(税抜) 金額(税抜) 税率",
        "2026/10/30 ドメイン認証SSL 1年 1 枚 11,345 11,345 10%",
        "2026/10/30 備蓄クッキー ※ 1 箱 9,987 9,987 8%",
        "2026/10/30 保存水 24本 ※ 5 箱 2,469 12,345 8%",
        "2026/10/30 保証金 1 式 9,622 9,622 不課税",
        "※は軽減税率対象",
        "みずほ銀行 丸の内支店 普通 1234567 アルファシヨウメイシヨ(カ",
        "三井住友銀行 東京営業部 当座 7654321 アルファシヨウメイシヨ(カ",
        "恐れ入りますが、振込手数料はお客様のご負担にてお願いいたします。",
        "ご不明な点は経理部までお問い合わせください。",
        "翌月分より請求書の様式が変わります。",
    )


def test_invoice_prints_sums_and_tax_per_rate_and_what_is_left_to_pay():
    assert_prints(
        documents.invoice(),
        "税率 税抜金額 消費税額 税込金額",
        "10%対象 23,894 2,389 26,283",
        "8%対象(軽減税率) 22,332 1,786 24,118",
        "不課税 9,622 — 9,622",
        "小計(税抜) 55,848円",
        "消費税額 4,175円",
        "合計(税込) 60,023円",
        "預り金充当額 ▲10,000円",
        "差引ご請求金額 50,023円",
        "ご請求金額(税込) 50,023円",
    )


@pytest.mark.parametrize(
    ("rate", "category", "gross", "net", "tax"),
    [
        (10, TaxCategory.STANDARD, "60,000", 54_546, 5_454),
        (8, TaxCategory.REDUCED, "40,000", 37_038, 2_962),
        (10, TaxCategory.STANDARD, "88,000", 80_000, 8_000),
        (8, TaxCategory.REDUCED, "43,200", 40_000, 3_200),
        (8, TaxCategory.REDUCED, "3,700", 3_426, 274),
        (10, TaxCategory.STANDARD, "1,000", 910, 90),
    ],
)
def test_worked_numbers_of_inclusive_prices_are_printed(rate, category, gross, net, tax):
    document = replace(
        documents.inclusive_invoice(), taxes=(TaxSum(category, rate, net, tax),), total=net + tax
    )
    label = f"{rate}%対象" + ("(軽減税率)" if category is TaxCategory.REDUCED else "")
    assert_prints(
        document, f"{label} {net:,} {tax:,} {gross}", f"合計(税込) {gross}円", f"消費税額 {tax:,}円"
    )


def test_inclusive_prices_are_said_to_be_so_and_a_contract_shows_its_period():
    assert_prints(
        documents.inclusive_invoice(),
        "取引日 内容 数量 単位 単価(税込) 金額(税込) 税率",
        "税率 税抜金額 内消費税額 税込金額",
        "10%対象 24,695 2,469 27,164",
        "利用期間 2026/09/16〜2026/10/15",
    )


def test_quote_is_valid_until_a_day_and_has_no_bank_account():
    assert_prints(
        documents.quote(),
        "見積書",
        "有効期限 2026年11月30日",
        "内容 数量 単位 単価(税抜) 金額(税抜) 税率",
        "ドメイン認証SSL 1年 3 枚 30,000 90,000 10%",
        "10%対象 90,000 9,000 99,000",
        "お見積金額(税込) 99,000円",
        "納期: ご発注後3営業日以内",
    )
    assert "お振込先" not in printed_by(documents.quote())


def test_delivery_note_that_is_paid_asks_for_nothing():
    printed = printed_by(documents.delivery_note())
    assert_prints(
        documents.delivery_note(),
        "納品書(適格請求書)",
        "お支払方法 クレジットカード",
        "納品日 内容 数量 単位 単価(税抜) 金額(税抜) 税率",
        "納品金額(税込) 33,000円",
        "お支払い済み額 ▲33,000円",
        "差引ご請求金額 0円",
    )
    assert "お振込先" not in printed
    assert "お支払期限" not in printed


def test_return_invoice_has_both_days_the_original_and_no_bank_account():
    printed = printed_by(documents.return_invoice())
    assert_prints(
        documents.return_invoice(),
        "返還請求書(適格返還請求書)",
        "返還の対象 請求書(適格請求書) I2026-000123(2026年11月1日発行)",
        "返還の理由 お客様のお申し出によるキャンセル",
        "返還日 内容 数量 単位 単価(税抜) 金額(税抜) 税率",
        "元の取引日 2026/10/30",
        "10%対象 ▲30,000 ▲3,000 ▲33,000",
        "返還金額(税込) ▲33,000円",
    )
    assert "2026/11/03 ドメイン認証SSL 1年" in printed
    assert "お振込先" not in printed


def test_corrected_invoice_names_what_it_replaces_and_why():
    assert_prints(
        documents.corrected_invoice(),
        "修正請求書(適格請求書)",
        "修正請求書番号 C2026-000001",
        "訂正前の書類 請求書(適格請求書) I2026-000120(2026年11月1日発行)",
        "訂正の理由 宛名の誤り",
        "10%対象 23,894 2,389 26,283",
    )


def test_payment_statement_refers_to_notes_and_states_no_tax():
    printed = printed_by(documents.payment_statement())
    assert_prints(
        documents.payment_statement(),
        "請求書",
        "発行日 書類番号 内容 金額(税込)",
        "2026/10/05 D2026-000031 納品書(適格請求書) 135",
        "2026/10/31 R2026-000002 返還請求書(適格返還請求書) ▲135",
        "合計 636円",
        "前回までの繰越額 364円",
        "差引ご請求金額 1,000円",
        "ご請求金額 1,000円",
    )
    assert "消費税額および適用税率は、上記の各書類" in printed
    for absent in ("10%", "小計", "税率 ", "請求書(適格請求書)番号"):
        assert absent not in printed


def test_unregistered_issuer_states_no_number_rate_or_tax():
    printed = printed_by(documents.unregistered_invoice())
    assert_prints(
        documents.unregistered_invoice(),
        "請求書",
        "取引日 内容 数量 単位 単価 金額",
        "2026/10/30 ドメイン認証SSL 1年 2 枚 30,000 60,000",
        "合計 60,000円",
        "ご請求金額 60,000円",
    )
    for absent in ("登録番号", "適格", "税", "%"):
        assert absent not in printed


def test_untaxed_invoice_names_the_categories_and_is_not_qualified():
    printed = printed_by(documents.untaxed_invoice())
    assert_prints(
        documents.untaxed_invoice(),
        "2026/10/30 輸出用トークン 2 個 5,000 10,000 免税",
        "2026/10/30 切手 1 枚 110 110 非課税",
        "免税 10,000円",
        "非課税 110円",
        "不課税 9,622円",
        "合計 19,732円",
    )
    for absent in ("適格", "消費税", "※"):
        assert absent not in printed


def test_nothing_left_to_pay_asks_for_no_payment():
    """H6: zero left, no payment is asked for."""
    document = replace(documents.invoice(), deposit_applied=60_023, amount_to_pay=0)
    printed = printed_by(document)
    assert "お支払いの必要はございません。" in printed
    assert "ご請求金額(税込) 0円" in printed
    assert "お振込先" not in printed
    assert "お支払期限" not in printed


def test_preview_says_on_every_page_that_it_is_one():
    pages = pages_of(render(replace(sample_invoice(60), is_preview=True, number="")))
    assert len(pages) == 3
    assert all("見本" in "".join(page.split()) for page in pages)
    assert "請求書番号 (未発行)" in pages[0]


def test_department_stands_before_the_contact():
    addressee = replace(documents.ADDRESSEE, department="経理部")
    assert_prints(replace(documents.invoice(), addressee=addressee), "経理部 斎藤太郎 様")


def test_metadata_tells_what_the_file_is():
    pdf = render(documents.invoice())
    facts = facts_of(pdf)
    assert facts["Title"] == "請求書(適格請求書) I2026-000123"
    assert facts["Author"] == "アルファ証明書株式会社"
    assert facts["Subject"] == "株式会社日新薬局 御中 ご請求金額(税込) 50,023円"
    assert facts["Page size"].endswith("(A4)")
    assert "2026" in facts["CreationDate"]
    assert "Nov  1" in facts["CreationDate"]


def test_all_fonts_are_embedded_subsets_of_the_expected_families():
    rows = [row.split() for row in fonts_of(render(sample_invoice(8)))]
    assert {row[0].split("+")[1] for row in rows} == {
        "BIZ-UDPGothic",
        "BIZ-UDPGothic-Bold",
        "BIZ-UDGothic",
    }
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_characters_beyond_the_font_come_from_the_fallback():
    addressee = replace(documents.ADDRESSEE, company="𠮷野家商事 髙﨑支店 ㈱")
    pdf = render(replace(documents.invoice(), addressee=addressee))
    assert "𠮷野家商事 髙﨑支店 ㈱ 御中" in text_of(pdf)
    assert any("Noto" in row for row in fonts_of(pdf))


@pytest.mark.parametrize(
    ("kind", "qualified", "title"),
    [
        (Kind.QUOTE, True, "見積書"),
        (Kind.DELIVERY_NOTE, True, "納品書(適格請求書)"),
        (Kind.DELIVERY_NOTE, False, "納品書"),
        (Kind.INVOICE, True, "請求書(適格請求書)"),
        (Kind.RETURN_INVOICE, True, "返還請求書(適格返還請求書)"),
        (Kind.RETURN_INVOICE, False, "返還請求書"),
        (Kind.CORRECTED_INVOICE, True, "修正請求書(適格請求書)"),
        (Kind.PAYMENT_STATEMENT, True, "請求書"),
        (Kind.PLAIN_INVOICE, False, "請求書"),
    ],
)
def test_titles(kind, qualified, title):
    assert default_title(kind, qualified=qualified) == title


def test_a_title_of_ones_own_keeps_its_number_label_short():
    document = replace(documents.delivery_note(), title="納品書(兼 注文請書, 適格請求書)")
    assert_prints(document, "納品書(兼 注文請書, 適格請求書)", "納品書番号 D2026-000045")


def test_only_the_accounts_of_the_content_are_named():
    issuer = replace(ISSUER, bank_accounts=ISSUER.bank_accounts[:1])
    printed = printed_by(replace(documents.invoice(), issuer=issuer))
    assert "みずほ銀行" in printed
    assert "三井住友銀行" not in printed


def test_dates_are_those_of_the_content_and_not_of_today():
    assert_prints(replace(documents.invoice(), issued_on=date(2019, 4, 30)), "発行日 2019年4月30日")
