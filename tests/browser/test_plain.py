"""What people do, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from billing_project import clock
from billing_project.tenancy.context import tenant_context
from invoices.models import DocumentLink
from orders.models import LineState, Order, OrderState
from payments.models import Payment, PaymentState, Payout
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.counter import Counter, fill_payout, fill_transfer, pay_in
from tests.browser.people import enter
from tests.browser.test_flows import fits, sign_in
from tests.web.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def without_scripts(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport=DESKTOP,  # type: ignore[arg-type]
        locale="ja",
        accept_downloads=True,
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


def test_sign_in_and_order(without_scripts: Page, site: Site, counter: Counter) -> None:
    page = without_scripts
    page.goto(site.url(counter.tenant.slug, "/orders/new/"))
    sign_in(page, counter.buyer)
    page.get_by_label("ドメイン認証SSL 1年").fill("1")
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_label("間違いありません").check()
    page.get_by_role("button", name="注文を確定する").click()
    expect(page.get_by_role("heading", name="ご注文を受け付けました")).to_be_visible()
    assert counter.count(Order, state=OrderState.OPEN) == 2


def test_cancel_a_line(without_scripts: Page, site: Site, counter: Counter) -> None:
    page = without_scripts
    enter(page.context, site, counter.tenant, counter.buyer)
    page.goto(site.url(counter.tenant.slug, f"/orders/{counter.order.public_id}/"))
    page.get_by_role("link", name="ドメイン認証SSL 1年 をキャンセルする").click()
    page.get_by_label("元に戻せないことを確認しました").check()
    page.get_by_role("button", name="キャンセルする").click()
    expect(page.locator(".cell-state").first).to_have_text("キャンセル済み")
    assert counter.line() == LineState.CANCELLED


def test_ask_for_a_payout(without_scripts: Page, site: Site, counter: Counter) -> None:
    page = without_scripts
    enter(page.context, site, counter.tenant, counter.buyer)
    page.goto(site.url(counter.tenant.slug, "/deposit/"))
    page.get_by_role("link", name="払い戻しを申し込む").click()
    fill_payout(page)
    page.get_by_role("button", name="払い戻しを申し込む").click()
    expect(page.get_by_text("32,560円").first).to_be_visible()
    assert counter.count(Payout, amount=33_000) == 1


def test_the_link_page(without_scripts: Page, site: Site) -> None:
    """Seen, downloaded, reported as another's, and asked for anew once it has ended."""
    page, world = without_scripts, make_world()
    page.goto(site.url(world.tenant.slug, f"/d/{world.link}/"))
    expect(page.get_by_role("img", name="1/1ページ")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDFをダウンロード").click()
    assert download.value.suggested_filename.endswith(".pdf")
    page.get_by_role("link", name="自分宛てではない").click()
    page.get_by_label("正しいご担当者").fill("鈴木")
    page.get_by_role("button", name="知らせる").click()
    expect(page.get_by_role("heading", name="ご連絡ありがとうございます")).to_be_visible()
    with tenant_context(world.tenant):
        DocumentLink.objects.filter(document=world.company.document).update(revoked_at=clock.now())
    page.goto(site.url(world.tenant.slug, f"/d/{world.link}/"))
    page.get_by_role("button", name="新しいリンクを送る").click()
    expect(page.get_by_role("heading", name="メールをご確認ください")).to_be_visible()


def test_an_operator_signs_in_and_delivers(without_scripts: Page, site: Site, counter: Counter) -> None:
    page = without_scripts
    page.goto(site.url(counter.tenant.slug, "/admin/"))
    sign_in(page, counter.operator)
    expect(page.get_by_role("heading", name="ダッシュボード")).to_be_visible()
    page.goto(site.url(counter.tenant.slug, f"/admin/orders/order/{counter.order.pk}/"))
    page.get_by_role("link", name="納品する").first.click()
    page.get_by_role("button", name="納品を記録").click()
    expect(page.get_by_text("納品済").first).to_be_visible()
    assert counter.line() == LineState.DELIVERED


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_act_of_a_list(without_scripts: Page, site: Site, counter: Counter, size: ViewportSize) -> None:
    page = without_scripts
    page.set_viewport_size(size)
    enter(page.context, site, counter.tenant, counter.operator)
    page.goto(site.url(counter.tenant.slug, "/admin/payments/payment/"))
    expect(page.get_by_role("button", name="絞り込む")).to_be_visible()
    page.locator("a.act-primary").click()
    fill_transfer(page)
    page.get_by_role("button", name="記帳する").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("7,700")
    assert counter.count(Payment, amount=7_700) == 1
    assert fits(page)


def test_a_match_at_the_bank_desk(without_scripts: Page, site: Site, counter: Counter) -> None:
    page = without_scripts
    with tenant_context(counter.tenant):
        pay_in(5_000, None, "ｶ)ﾌｼﾒｲ")
    enter(page.context, site, counter.tenant, counter.operator)
    page.goto(site.url(counter.tenant.slug, "/admin/payments/payment/desk/"))
    page.get_by_role("link", name="手動で消し込む").click()
    page.locator("[name=customer_code]").fill(counter.customer.code)
    page.locator("main form .act-primary").click()
    assert counter.count(Payment, state=PaymentState.SUCCEEDED, amount=5_000) == 1


def test_the_person_s_menu_opens(without_scripts: Page, site: Site, counter: Counter) -> None:
    page = without_scripts
    enter(page.context, site, counter.tenant, counter.operator)
    page.goto(site.url(counter.tenant.slug, "/admin/"))
    page.locator(".user-menu summary").click()
    page.locator("#logout-form button").click()
    expect(page).not_to_have_url(re.compile("/admin/$"))
