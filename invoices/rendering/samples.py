"""A made-up invoice of any length, for benchmarks and for looking at."""

from datetime import date, timedelta

from accounts.policy.choices import PriceEntry, TaxCategory
from billing_project.money import Rounding
from invoices.rendering.content import (
    Addressee,
    BankAccount,
    Issuer,
    Kind,
    Line,
    PrintedDocument,
    default_title,
)
from invoices.tax import TaxLine, rate_on, summarise

ISSUER = Issuer(
    name="アルファ証明書株式会社",
    registration_number="T7000012050002",
    postcode="100-0005",
    address="東京都千代田区丸の内1-9-2 グランドビル12階",
    phone="03-0000-0100",
    email="billing@alpha.example",
    bank_accounts=(
        BankAccount(
            "みずほ銀行", "丸の内支店", "普通", "1234567", "アルファシヨウメイシヨ(カ", "0001:005:1:1234567"
        ),
        BankAccount(
            "三井住友銀行", "東京営業部", "当座", "7654321", "アルファシヨウメイシヨ(カ", "0009:015:2:7654321"
        ),
    ),
)
ADDRESSEE = Addressee(
    company="株式会社日新薬局",
    contact="斎藤太郎",
    postcode="469-7013",
    address="東京都千代田区丸の内3-2-5",
    corporate_number="9010001000023",
)
_PRODUCTS = (
    ("ドメイン認証SSL 1年", "枚", 30_000, TaxCategory.STANDARD),
    ("備蓄クッキー", "箱", 777, TaxCategory.REDUCED),
    ("ワイルドカードSSL 1年 *.shop.example", "枚", 98_765, TaxCategory.STANDARD),
    ("保存水 24本", "箱", 2_981, TaxCategory.REDUCED),
    ("企業認証SSL 1年", "枚", 59_800, TaxCategory.STANDARD),
    ("保証金", "式", 9_622, TaxCategory.OUT_OF_SCOPE),
)


def sample_invoice(line_count: int, issuer: Issuer = ISSUER) -> PrintedDocument:
    """A bill of `line_count` lines at both rates and one untaxed category; tax rounded down.

    Of an issuer who charges no tax it is a plain invoice without tax.
    """
    lines = tuple(_line(index) for index in range(line_count))
    taxes = tuple(summarise(map(_tax_line, lines), PriceEntry.TAX_EXCLUSIVE, Rounding.FLOOR))
    if not issuer.charges_tax:
        taxes = ()
    total = sum(tax.gross for tax in taxes) if taxes else sum(line.amount for line in lines)
    kind = Kind.INVOICE if issuer.charges_tax else Kind.PLAIN_INVOICE
    return PrintedDocument(
        kind=kind,
        title=default_title(kind, qualified=bool(taxes and issuer.registration_number)),
        number="I2026-000123",
        issued_on=date(2026, 11, 1),
        due_on=date(2026, 11, 30),
        issuer=issuer,
        addressee=ADDRESSEE,
        lines=lines,
        taxes=taxes,
        total=total,
        amount_to_pay=total,
    )


def _line(index: int) -> Line:
    description, unit, unit_price, category = _PRODUCTS[index % len(_PRODUCTS)]
    quantity = index % 4 + 1
    day = date(2026, 10, 1) + timedelta(days=index % 31)
    return Line(
        supplied_on=day,
        description=description,
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        amount=quantity * unit_price,
        tax_category=category,
        tax_rate=rate_on(category, day),
    )


def _tax_line(line: Line) -> TaxLine:
    assert line.tax_category is not None
    assert line.supplied_on is not None
    return TaxLine(line.tax_category, line.amount, line.supplied_on)
