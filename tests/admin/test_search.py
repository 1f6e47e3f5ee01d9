"""The search finds customers, documents, orders, quotes and payments by what people have in hand."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Customer
from billing_project.backoffice.search import Words
from billing_project.tenancy.context import tenant_context
from invoices.models import Document
from orders.models import Order
from payments.models import Payment, PaymentState
from tests.admin.world import Office
from tests.factories import make_customer

SEARCH = reverse("admin:search")


def found(office: Office, words: str) -> str:
    return office.client().get(SEARCH, {"s": words}).content.decode()


def page(row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return f'"{reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])}"'  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("33000", 33_000),
        ("33,000", 33_000),
        ("３３，０００円", 33_000),
        ("￥33,000", 33_000),
        ("33 000 円", 33_000),
        ("INV-33000", None),
        ("0", None),
        ("9" * 13, None),
        ("", None),
    ],
)
def test_a_sum_is_read_as_it_is_meant(typed: str, amount: int | None) -> None:
    assert Words(typed).amount == amount


@pytest.mark.parametrize("typed", ["ｱｸﾒｼｮｳｶｲ", "あくめしょうかい", "アクメショウカイ"])
def test_kana_is_one_kana(typed: str) -> None:
    assert Words(typed).kana == "アクメショウカイ"


@pytest.fixture(scope="module")
def named(seen: Office) -> Customer:
    with tenant_context(seen.tenant):
        return make_customer("ＡＢＣ商会", name_kana="エービーシーショウカイ", email="keiri@abc.example.com")


@pytest.mark.parametrize(
    "words", ["ABC", "ＡＢＣ", "abc商会", "えーびーしー", "ｴｰﾋﾞｰｼｰ", "keiri@abc.example.com"]
)
def test_a_customer_is_found_by_all_its_names(words: str, seen: Office, named: Customer) -> None:
    assert page(named) in found(seen, words)


def test_a_customer_is_found_by_its_number(seen: Office, named: Customer) -> None:
    assert page(named) in found(seen, named.code.lower())


@pytest.mark.parametrize("write", ["{:d}", "{:,d}", "{:,d}円", "¥{:,d}"])
def test_a_document_is_found_by_its_sum(write: str, seen: Office) -> None:
    document = seen.row(Document)
    assert page(document) in found(seen, write.format(document.total))


def test_documents_and_orders_are_found_by_number(seen: Office) -> None:
    document, order = seen.row(Document), seen.row(Order)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in document.number)
    for words in (document.number, document.number.lower(), wide):
        assert page(document) in found(seen, words)
    assert page(order) in found(seen, order.number)


@pytest.mark.parametrize("words", ["ｶ)ﾌｼﾒｲ", "フシメイ", "ふしめい", "カ）フシメイ", "5,000"])
def test_a_payment_is_found_by_its_payer_and_its_sum(words: str, seen: Office) -> None:
    payment = seen.row(Payment, state=PaymentState.UNMATCHED)
    assert page(payment) in found(seen, words)


def test_it_asks_little_and_finds_nothing_elsewhere(seen: Office, elsewhere: Office) -> None:
    client, number = seen.client(), elsewhere.row(Customer).code
    client.get(SEARCH, {"s": "株式会社"})
    with CaptureQueriesContext(connection) as asked:
        html = client.get(SEARCH, {"s": "株式会社"}).content.decode()
    assert len([each for each in asked if each["sql"].startswith("SELECT")]) <= 15
    assert page(elsewhere.row(Customer)) not in html
    assert page(elsewhere.row(Customer)) not in found(seen, number)


def test_few_of_each_kind_are_shown(office: Office) -> None:
    with tenant_context(office.tenant):
        for _each in range(7):
            make_customer("多数商会")
    assert found(office, "多数商会").count("/admin/accounts/customer/") == 5
