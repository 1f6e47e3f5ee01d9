"""Money on its whole way, clicked through: by card and back, and by transfer after the closing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from billing_project.tenancy.context import tenant_context
from ledger.verification import verify
from orders.models import Order
from tests.acts import at
from tests.browser.shop import Shop, open_shop
from tests.browser.test_flows import fits, sign_in
from tests.payments.files import incoming
from tests.payments.stripe_sandbox import running

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(database: None, tmp_path: Path) -> Iterator[Shop]:
    with running() as sandbox, open_shop(tmp_path, sandbox) as shop:
        yield shop
        with tenant_context(shop.tenant):
            assert verify() == []


def order_one(page: Page, shop: Shop, method: str) -> None:
    page.goto(shop.url("/orders/new/"))
    sign_in(page, shop.buyer)
    page.get_by_label("ドメイン認証SSL 1年").fill("1")
    page.get_by_label(method, exact=True).check()
    assert fits(page)
    page.get_by_role("button", name="確認へ進む").click()


def place(page: Page) -> None:
    expect(page.get_by_text("33,000円").first).to_be_visible()
    page.get_by_label("間違いありません").check()
    page.get_by_role("button", name="注文を確定する").click()
    expect(page.get_by_role("heading", name="ご注文を受け付けました")).to_be_visible()


def deliver(page: Page, shop: Shop) -> None:
    with tenant_context(shop.tenant):
        order = Order.objects.get()
    page.goto(shop.url(f"/admin/orders/order/{order.pk}/"))
    sign_in(page, shop.operator)
    page.get_by_role("link", name="納品する").first.click()
    page.get_by_role("button", name="納品を記録").click()
    expect(page.get_by_text("納品済").first).to_be_visible()


def fresh(page: Page) -> None:
    """Somebody else sits down at the browser."""
    page.context.clear_cookies()


def test_by_card_delivered_cancelled_and_refunded(phone: Page, shop: Shop) -> None:
    order_one(phone, shop, "カード")
    phone.locator("main form button.btn-primary").click()
    phone.get_by_role("button", name="このカードを登録する").click()
    expect(phone.get_by_text("4242").first).to_be_visible()
    place(phone)
    assert shop.sandbox.requests("/v1/payment_intents") == []

    fresh(phone)
    deliver(phone, shop)
    [charged] = shop.sandbox.requests("/v1/payment_intents")
    assert "amount=33000&" in f"{charged['body']}&"

    fresh(phone)
    phone.goto(shop.url("/documents/"))
    sign_in(phone, shop.buyer)
    phone.locator("a.row-link").first.click()
    expect(phone.get_by_role("heading", name="納品書")).to_be_visible()
    assert fits(phone)

    phone.goto(shop.url("/orders/"))
    phone.locator("a.row-link").first.click()
    phone.get_by_role("link", name="ドメイン認証SSL 1年 をキャンセルする").click()
    assert fits(phone)
    phone.get_by_label("元に戻せないことを確認しました").check()
    phone.get_by_role("button", name="キャンセルする").click()
    expect(phone.locator(".cell-state").first).to_have_text("キャンセル済み")
    shop.worker_talks_to_cards()
    [refunded] = shop.sandbox.requests("/v1/refunds")
    assert "amount=33000" in refunded["body"]
    phone.goto(shop.url("/documents/?kind=return_invoice"))
    phone.locator("a.row-link").first.click()
    expect(phone.get_by_role("heading", name="返還請求書")).to_be_visible()


def test_after_the_closing_by_a_transfer_in_a_bank_file(desktop: Page, shop: Shop, tmp_path: Path) -> None:
    shop.at(at("2026-10-28 10:00"))
    order_one(desktop, shop, "銀行振込(後払い)")
    place(desktop)
    fresh(desktop)
    deliver(desktop, shop)

    shop.at(at("2026-11-01 09:00"))
    shop.jobs_run()
    fresh(desktop)
    desktop.goto(shop.url("/documents/"))
    sign_in(desktop, shop.buyer)
    desktop.locator("a.row-link").first.click()
    expect(desktop.get_by_role("heading", name="請求書")).to_be_visible()
    expect(desktop.get_by_text("未払い").first).to_be_visible()
    assert fits(desktop)

    shop.at(at("2026-11-04 10:00"))
    file = tmp_path / "furikomi.txt"
    file.write_bytes(incoming({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "booked_on": "081104"}))
    fresh(desktop)
    desktop.goto(shop.url("/admin/payments/bankupload/new/"))
    sign_in(desktop, shop.operator)
    desktop.locator("input[type=file]").set_input_files(file)
    desktop.get_by_role("button", name="内容を確認する").click()
    expect(desktop.get_by_text("33,000円").first).to_be_visible()
    desktop.locator("a.act-primary").click()
    desktop.get_by_role("button", name="取込").click()
    shop.bank_files_are_imported()

    fresh(desktop)
    desktop.goto(shop.url("/documents/"))
    sign_in(desktop, shop.buyer)
    expect(desktop.locator("table.data-table")).to_contain_text("入金済み")
