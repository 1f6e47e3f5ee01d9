"""One document of every kind as a seller with logo, seal and colour sends it: looked at, and compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from accounts.pictures import LOGO, SEAL, normalised
from accounts.policy.choices import PriceEntry, TaxCategory
from billing_project.money import Rounding
from invoices.rendering.content import Issuer, Kind, Line, Period, PrintedDocument
from invoices.rendering.samples import ISSUER, sample_invoice
from invoices.tax import TaxLine, summarise
from tests.branding import pictures
from tests.rendering import documents
from tests.rendering.documents import document, line


@cache
def look() -> Issuer:
    logo, seal = normalised(pictures.logo(), LOGO), normalised(pictures.seal(), SEAL)
    return replace(ISSUER, logo=logo, seal=seal, colour="#1a4d8f")


def with_look(printed: PrintedDocument) -> PrintedDocument:
    shown = look()
    return replace(
        printed, issuer=replace(printed.issuer, logo=shown.logo, seal=shown.seal, colour=shown.colour)
    )


def monthly_bill() -> PrintedDocument:
    """All five categories, a contract's line, and a sale of September that was cancelled."""
    returned = line("ドメイン認証SSL 1年", 30_000, quantity=-1, day=date(2026, 10, 20))
    contract = line("クラウドサーバー 月額利用料 スタンダード", 9_800, quantity=2, unit="台")
    lines = (
        line("ドメイン認証SSL 1年", 30_000, quantity=3, day=date(2026, 10, 2)),
        line("ワイルドカードSSL 1年 *.shop.example", 98_765, day=date(2026, 10, 5)),
        line("備蓄クッキー", 777, quantity=12, category=TaxCategory.REDUCED, rate=8, unit="箱"),
        replace(contract, service_period=Period(date(2026, 10, 1), date(2026, 10, 31))),
        replace(returned, original_supplied_on=date(2026, 9, 12)),
        line("認証トークン(輸出)", 5_000, quantity=2, category=TaxCategory.ZERO, rate=None, unit="個"),
        line("商品券", 500, quantity=4, category=TaxCategory.EXEMPT, rate=None),
        line("保証金", 9_622, category=TaxCategory.OUT_OF_SCOPE, rate=None, unit="式"),
    )
    taxes = tuple(summarise(map(_taxed, lines), PriceEntry.TAX_EXCLUSIVE, Rounding.FLOOR))
    total = sum(tax.gross for tax in taxes)
    return document(
        Kind.INVOICE,
        "I2026-000123",
        *lines,
        taxes=taxes,
        total=total,
        deposit_applied=10_000,
        amount_to_pay=total - 10_000,
        due_on=date(2026, 11, 30),
        period=Period(date(2026, 10, 1), date(2026, 10, 31)),
        payment_method="銀行振込(後払い)",
    )


def _taxed(each: Line) -> TaxLine:
    assert each.tax_category is not None
    assert each.supplied_on is not None
    return TaxLine(each.tax_category, each.amount, each.supplied_on)


def by_the_era(printed: PrintedDocument) -> PrintedDocument:
    return replace(printed, issuer=replace(printed.issuer, era_dates=True))


def preview() -> PrintedDocument:
    return replace(sample_invoice(8), number="", is_preview=True)


def several_pages() -> PrintedDocument:
    return sample_invoice(100)


def long_texts() -> PrintedDocument:
    """Names of 200 characters, long addresses, a word without a break, markup, rare characters."""
    bill = monthly_bill()
    name = ("髙﨑𠮟𠮷商店" * 34)[:200]
    address = "東京都千代田区丸の内一丁目九番二号 グラントウキョウサウスタワー 四十二階" * 3
    marked = replace(bill.lines[0], description='<b>太字</b> & "引用" <script>alert(1)</script> {{ number }}')
    return replace(
        bill,
        addressee=replace(bill.addressee, company=name, address=address, department=name, contact=name),
        issuer=replace(bill.issuer, name=name, address=address),
        lines=(marked, replace(bill.lines[1], description=name), *_unbroken(bill.lines[2:])),
        notes=name,
    )


def _unbroken(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return (replace(lines[0], description="W" * 200), *lines[1:])


def plain_invoice() -> PrintedDocument:
    """Of a tax-exempt business, without logo, seal and colour."""
    return documents.unregistered_invoice()


GALLERY = {
    "quote": lambda: with_look(documents.quote()),
    "delivery_note": lambda: with_look(documents.delivery_note()),
    "invoice": lambda: with_look(monthly_bill()),
    "tax_inclusive": lambda: with_look(documents.inclusive_invoice()),
    "return_invoice": lambda: with_look(documents.return_invoice()),
    "corrected_invoice": lambda: with_look(documents.corrected_invoice()),
    "payment_statement": lambda: with_look(documents.payment_statement()),
    "plain_invoice": plain_invoice,
    "preview": lambda: with_look(preview()),
}
OTHERS = {
    "several_pages": lambda: with_look(several_pages()),
    "long_texts": lambda: with_look(long_texts()),
    "era_dates": lambda: by_the_era(with_look(monthly_bill())),
}
