"""One document of every kind, with figures worked out by hand."""

from dataclasses import replace
from datetime import date

from accounts.policy.choices import PriceEntry, TaxCategory
from invoices.rendering.content import Issuer, Kind, Line, Period, PrintedDocument, Reference, default_title
from invoices.rendering.samples import ADDRESSEE, ISSUER
from invoices.tax import TaxSum

UNREGISTERED = replace(ISSUER, registration_number=None, charges_tax=False)


def line(
    description: str,
    unit_price: int,
    *,
    quantity: int = 1,
    category: TaxCategory | None = TaxCategory.STANDARD,
    rate: int | None = 10,
    day: date | None = date(2026, 10, 30),
    unit: str = "枚",
) -> Line:
    return Line(
        description=description,
        supplied_on=day,
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        amount=quantity * unit_price,
        tax_category=category,
        tax_rate=rate,
    )


def document(
    kind: Kind, number: str, *lines: Line, issuer: Issuer = ISSUER, **more: object
) -> PrintedDocument:
    qualified = issuer.registration_number is not None and any(each.tax_rate for each in lines)
    values: dict[str, object] = {
        "title": default_title(kind, qualified=qualified),
        "issued_on": date(2026, 11, 1),
        "addressee": ADDRESSEE,
        **more,
    }
    return PrintedDocument(kind=kind, number=number, issuer=issuer, lines=lines, **values)  # type: ignore[arg-type]


def invoice() -> PrintedDocument:
    """Worked numbers of the documents' spec: 11,345 + 12,549 at 10 %; 9,987 + 12,345 at 8 %; rounded down."""
    return document(
        Kind.INVOICE,
        "I2026-000123",
        line("ドメイン認証SSL 1年", 11_345),
        line("企業認証SSL 1年", 12_549),
        line("備蓄クッキー", 9_987, category=TaxCategory.REDUCED, rate=8, unit="箱"),
        line("保存水 24本", 2_469, quantity=5, category=TaxCategory.REDUCED, rate=8, unit="箱"),
        line("保証金", 9_622, category=TaxCategory.OUT_OF_SCOPE, rate=None, unit="式"),
        taxes=(
            TaxSum(TaxCategory.STANDARD, 10, 23_894, 2_389),
            TaxSum(TaxCategory.REDUCED, 8, 22_332, 1_786),
            TaxSum(TaxCategory.OUT_OF_SCOPE, None, 9_622, 0),
        ),
        total=60_023,
        deposit_applied=10_000,
        amount_to_pay=50_023,
        due_on=date(2026, 11, 30),
        period=Period(date(2026, 10, 1), date(2026, 10, 31)),
        payment_method="銀行振込(後払い)",
        notes="ご不明な点は経理部までお問い合わせください。\n翌月分より請求書の様式が変わります。",
    )


def quote() -> PrintedDocument:
    return document(
        Kind.QUOTE,
        "Q2026-000007",
        line("ドメイン認証SSL 1年", 30_000, quantity=3, day=None),
        taxes=(TaxSum(TaxCategory.STANDARD, 10, 90_000, 9_000),),
        total=99_000,
        amount_to_pay=99_000,
        due_on=date(2026, 11, 30),
        notes="納期: ご発注後3営業日以内",
    )


def delivery_note() -> PrintedDocument:
    """A sale by card: paid when it is issued."""
    return document(
        Kind.DELIVERY_NOTE,
        "D2026-000045",
        line("ドメイン認証SSL 1年", 30_000),
        taxes=(TaxSum(TaxCategory.STANDARD, 10, 30_000, 3_000),),
        total=33_000,
        paid_at_issue=33_000,
        amount_to_pay=0,
        payment_method="クレジットカード",
    )


def return_invoice() -> PrintedDocument:
    returned = line("ドメイン認証SSL 1年", 30_000, quantity=-1, day=date(2026, 11, 3))
    return document(
        Kind.RETURN_INVOICE,
        "R2026-000002",
        replace(returned, original_supplied_on=date(2026, 10, 30)),
        taxes=(TaxSum(TaxCategory.STANDARD, 10, -30_000, -3_000),),
        total=-33_000,
        amount_to_pay=0,
        issued_on=date(2026, 11, 3),
        references=(Reference("I2026-000123", "請求書(適格請求書)", date(2026, 11, 1)),),
        reason="お客様のお申し出によるキャンセル",
    )


def corrected_invoice() -> PrintedDocument:
    return replace(
        invoice(),
        kind=Kind.CORRECTED_INVOICE,
        title=default_title(Kind.CORRECTED_INVOICE, qualified=True),
        number="C2026-000001",
        issued_on=date(2026, 11, 5),
        references=(Reference("I2026-000120", "請求書(適格請求書)", date(2026, 11, 1)),),
        reason="宛名の誤り",
    )


def payment_statement() -> PrintedDocument:
    """Three delivery notes of 135, 257 and 379 yen with tax (12 + 23 + 34 = 69 yen of it) and a return."""
    return document(
        Kind.PAYMENT_STATEMENT,
        "S2026-000009",
        Line("納品書(適格請求書)", 135, supplied_on=date(2026, 10, 5), reference="D2026-000031"),
        Line("納品書(適格請求書)", 257, supplied_on=date(2026, 10, 14), reference="D2026-000038"),
        Line("納品書(適格請求書)", 379, supplied_on=date(2026, 10, 30), reference="D2026-000045"),
        Line("返還請求書(適格返還請求書)", -135, supplied_on=date(2026, 10, 31), reference="R2026-000002"),
        total=636,
        carried_over=364,
        amount_to_pay=1_000,
        issued_on=date(2026, 11, 5),
        due_on=date(2026, 11, 30),
    )


def unregistered_invoice() -> PrintedDocument:
    return document(
        Kind.PLAIN_INVOICE,
        "I2026-000124",
        line("ドメイン認証SSL 1年", 30_000, quantity=2),
        issuer=UNREGISTERED,
        total=60_000,
        amount_to_pay=60_000,
        due_on=date(2026, 11, 30),
    )


def untaxed_invoice() -> PrintedDocument:
    return document(
        Kind.PLAIN_INVOICE,
        "I2026-000125",
        line("保証金", 9_622, category=TaxCategory.OUT_OF_SCOPE, rate=None, unit="式"),
        line("輸出用トークン", 5_000, quantity=2, category=TaxCategory.ZERO, rate=None, unit="個"),
        line("切手", 110, category=TaxCategory.EXEMPT, rate=None),
        taxes=(
            TaxSum(TaxCategory.ZERO, None, 10_000, 0),
            TaxSum(TaxCategory.EXEMPT, None, 110, 0),
            TaxSum(TaxCategory.OUT_OF_SCOPE, None, 9_622, 0),
        ),
        total=19_732,
        amount_to_pay=19_732,
        due_on=date(2026, 11, 30),
    )


def inclusive_invoice() -> PrintedDocument:
    """Worked number: inclusive 13,582 × 2 at 10 %, rounded down: 2,469, net 24,695; a contract's line."""
    contract = line("電気料金 10月分", 13_582, quantity=2, unit="件", day=date(2026, 10, 15))
    return document(
        Kind.INVOICE,
        "I2026-000126",
        replace(contract, service_period=Period(date(2026, 9, 16), date(2026, 10, 15))),
        pricing=PriceEntry.TAX_INCLUSIVE,
        taxes=(TaxSum(TaxCategory.STANDARD, 10, 24_695, 2_469),),
        total=27_164,
        amount_to_pay=27_164,
        due_on=date(2026, 11, 30),
    )


EVERY_KIND = (
    quote,
    delivery_note,
    invoice,
    return_invoice,
    corrected_invoice,
    payment_statement,
    unregistered_invoice,
    untaxed_invoice,
    inclusive_invoice,
)
