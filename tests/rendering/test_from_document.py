"""Issued documents, from their charges to the paper."""

from collections.abc import Iterator
from datetime import date

import pytest

from accounts.models import BankAccount, Customer, Issuer, Tenant
from billing_project.money import Rounding
from invoices.models import Document, DocumentKind
from invoices.rendering import content_of, render
from invoices.rendering.content import Kind, PrintedDocument
from invoices.services.charges import reverse_charge
from invoices.services.issuing import Terms, issue_documents_of_charges
from tests.factories import make_customer
from tests.invoices.shop import at, charge, close_and_issue, documents, make_shop
from tests.rendering.reading import text_of

OCTOBER_30 = date(2026, 10, 30)


@pytest.fixture
def shop() -> Iterator[Tenant]:
    """Half an hour into November at a shop that has said all about itself."""
    tenant = make_shop()
    with at(tenant, "2026-11-01 00:30"):
        Issuer.objects.update(
            name="アルファ証明書株式会社",
            postcode="100-0005",
            address="東京都千代田区",
            document_note="毎度ありがとうございます。",
        )
        BankAccount.objects.create(
            bank_code="0001",
            bank_name="みずほ銀行",
            branch_code="005",
            branch_name="丸の内支店",
            kind=BankAccount.Kind.CURRENT,
            number="1234567",
            holder_kana="アルフア",
        )
        yield tenant


def closed(customer: Customer) -> Document:
    [document] = documents(close_and_issue())
    assert document.customer_id == customer.pk
    return document


def returned(original: Document, on: date) -> Document:
    sold = original.lines.get(position=1).charge
    [document] = issue_documents_of_charges(
        charges=[reverse_charge(charge=sold, on=on)],
        terms=Terms(
            issued_on=on,
            rounding=Rounding.FLOOR,
            apply_deposit=False,
            due_on={},
            kind=DocumentKind.RETURN_INVOICE,
        ),
        original=original,
        reason="お客様のお申し出",
    )
    return document


def printed(content: PrintedDocument) -> list[str]:
    return text_of(render(content)).splitlines()


def missing(content: PrintedDocument, *expected: str) -> list[str]:
    lines = printed(content)
    return [each for each in expected if each not in lines]


def test_an_invoice_prints_what_was_stored(shop: Tenant) -> None:
    customer = make_customer(
        "株式会社日新薬局", contact="斎藤太郎", postcode="469-7013", address="東京都港区"
    )
    charge(customer, OCTOBER_30, 11_345, service_from=date(2026, 11, 1), service_until=date(2027, 10, 31))
    charge(
        customer, date(2026, 10, 31), 777, quantity=3, tax="reduced", description="備蓄クッキー", unit="箱"
    )
    content = content_of(closed(customer))
    # 11,345 at 10 %: 1,134; 2,331 at 8 %: 186; rounded down
    assert not missing(
        content,
        "請求書(適格請求書)",
        "請求書番号 INV-2026-000001",
        "発行日 2026年11月1日",
        "お支払期限 2026年11月30日",
        "取引期間 2026年10月30日〜2026年10月31日",
        "お支払方法 銀行振込(後払い)",
        "〒469-7013",
        "株式会社日新薬局 御中",
        "斎藤太郎 様",
        "アルファ証明書株式会社",
        "登録番号 T1234567890123",
        "利用期間 2026/11/01〜2027/10/31",
        "2026/10/31 備蓄クッキー ※ 3 箱 777 2,331 8%",
        "10%対象 11,345 1,134 12,479",
        "8%対象(軽減税率) 2,331 186 2,517",
        "合計(税込) 14,996円",
        "ご請求金額(税込) 14,996円",
        "みずほ銀行(0001) 丸の内支店(005) 当座 1234567 アルフア",
        "毎度ありがとうございます。",
    )


def test_a_return_names_its_original_and_the_day_of_the_supply(shop: Tenant) -> None:
    customer = make_customer()
    charge(customer, OCTOBER_30, 30_000)
    content = content_of(returned(closed(customer), date(2026, 11, 1)))
    assert content.kind is Kind.RETURN_INVOICE
    assert not missing(
        content,
        "返還請求書(適格返還請求書)",
        "返還の対象 請求書(適格請求書) INV-2026-000001(2026年11月1日発行)",
        "返還の理由 お客様のお申し出",
        "元の取引日 2026/10/30",
        "10%対象 ▲30,000 ▲3,000 ▲33,000",
        "返還金額(税込) ▲33,000円",
    )


def test_a_tax_exempt_issuer_prints_a_plain_invoice() -> None:
    tenant = make_shop(charges_tax=False)
    with at(tenant, "2026-11-01 00:30"):
        customer = make_customer()
        charge(customer, OCTOBER_30, 30_000)
        content = content_of(closed(customer))
    assert content.title == "請求書"
    assert content.issuer.registration_number is None
    assert not any("税" in line for line in printed(content))


def test_a_delivery_note_paid_by_card_shows_no_bank_account(shop: Tenant) -> None:
    customer = make_customer(pays="card")
    sold = charge(customer, OCTOBER_30, 30_000)
    terms = Terms(
        issued_on=OCTOBER_30,
        rounding=Rounding.FLOOR,
        apply_deposit=False,
        due_on={},
        kind=DocumentKind.DELIVERY_NOTE,
    )
    [document] = issue_documents_of_charges(charges=[sold], terms=terms)
    content = content_of(document)
    assert content.title == "納品書(適格請求書)"
    assert content.payment_method == "クレジットカード"
    assert content.issuer.bank_accounts == ()


def test_what_the_issuer_is_called_later_does_not_change_the_paper(shop: Tenant) -> None:
    customer = make_customer()
    charge(customer, OCTOBER_30, 30_000)
    document = closed(customer)
    before = render(content_of(document))
    Issuer.objects.update(name="ベータ株式会社", registration_number="")
    assert render(content_of(Document.objects.get(pk=document.pk))) == before
