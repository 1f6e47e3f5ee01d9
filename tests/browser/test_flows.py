"""What people do, in a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Tenant, User
from accounts.services import add_member
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from invoices.models import DocumentLink
from orders.services import OrderedLine, deliver, place_order
from payments.models import Payment
from tests.browser.conftest import Site
from tests.browser.counter import make_counter, pay_in
from tests.factories import make_customer, make_tenant, make_user
from tests.web.world import PASSWORD, make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def buyer(tenant: Tenant) -> User:
    with tenant_context(tenant):
        user = make_user(password=PASSWORD)
        add_member(customer=make_customer(), user=user, name="発注 太郎")
    return user


def fits(page: Page) -> bool:
    """Nothing sticks out sideways. Before the stylesheets are there everything does."""
    page.wait_for_load_state("load")
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def sign_in(page: Page, user: User) -> None:
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_sign_in_order_confirm_and_find_it(
    screen: str, request: pytest.FixtureRequest, site: Site, tenant: Tenant, buyer: User
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto(site.url(tenant.slug, "/orders/new/"))
    sign_in(page, buyer)
    page.get_by_label("ドメイン認証SSL 1年").fill("2")
    page.get_by_label("貴社発注番号").fill("PO-4711")
    assert fits(page)
    page.get_by_role("button", name="確認へ進む").click()
    expect(page.get_by_text("経理 太郎")).to_be_visible()
    expect(page.get_by_text("66,000円").first).to_be_visible()
    assert fits(page)

    page.get_by_role("button", name="内容を変更する").click()
    expect(page.get_by_label("ドメイン認証SSL 1年")).to_have_value("2")
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_label("間違いありません").check()
    page.get_by_role("button", name="注文を確定する").click()
    expect(page.get_by_role("heading", name="ご注文を受け付けました")).to_be_visible()

    page.get_by_role("link", name="注文一覧へ").click()
    expect(page.get_by_text("PO-4711")).to_be_visible()
    expect(page.locator(".cell-state").first).to_have_text("未納品")
    page.get_by_role("searchbox").fill("nothing like that")
    expect(page.get_by_text("該当する注文がありません")).to_be_visible()
    page.get_by_role("searchbox").fill("PO-47")
    page.locator("a.row-link").first.click()
    assert fits(page)


def test_accounting_staff_download_by_the_link(phone: Page, site: Site, tmp_path: Path) -> None:
    world = make_world()
    phone.goto(site.url(world.tenant.slug, f"/d/{world.link}/"))
    expect(phone.get_by_role("heading", name="請求書")).to_be_visible()
    expect(phone.get_by_text("108,641円").first).to_be_visible()
    assert fits(phone)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="PDFをダウンロード").click()
    assert download.value.suggested_filename == f"請求書_{world.company.document.number}.pdf"
    download.value.save_as(tmp_path / "file.pdf")
    assert (tmp_path / "file.pdf").read_bytes().startswith(b"%PDF-")
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_role("link", name="Download the PDF")).to_be_visible()
    assert fits(phone)
    long = "株式会社アルファ証明書販売・認証サービス東日本事業本部"
    phone.locator(".brand span").last.evaluate("(name, long) => { name.textContent = long }", long)
    assert fits(phone)


def test_from_home_by_a_deadline_to_the_cancel_page(phone: Page, site: Site) -> None:
    """One click leads from what ends to the act; the calendar's address is shown once."""
    tenant = make_tenant()
    with tenant_context(tenant):
        user = make_user(password=PASSWORD)
        customer = make_customer()
        member = add_member(customer=customer, user=user, name="発注 太郎")
        order = place_order(customer=customer, member=member, lines=[OrderedLine("DV-1Y", 1)])
        deliver(order=order)
    phone.goto(site.url(tenant.slug, "/"))
    sign_in(phone, user)
    expect(phone.get_by_role("heading", name="期限のあること")).to_be_visible()
    assert fits(phone)
    phone.locator(".deadline-cancel").get_by_role("link").click()
    expect(phone.get_by_role("heading", name="キャンセルの内容")).to_be_visible()
    assert fits(phone)
    phone.goto(site.url(tenant.slug, "/calendar/"))
    phone.get_by_role("button", name="アドレスを発行").click()
    expect(phone.get_by_text(".ics")).to_be_visible()
    assert fits(phone)


def test_the_link_shows_the_document_and_takes_a_report(phone: Page, site: Site) -> None:
    world = make_world()
    phone.goto(site.url(world.tenant.slug, f"/d/{world.link}/"))
    page = phone.get_by_role("img", name="1/1ページ")
    page.scroll_into_view_if_needed()
    expect(page).to_have_js_property("naturalWidth", 1000)
    phone.get_by_role("link", name="自分宛てではない").click()
    phone.get_by_label("正しいご担当者").fill("鈴木")
    assert fits(phone)
    phone.get_by_role("button", name="知らせる").click()
    expect(phone.get_by_role("heading", name="ご連絡ありがとうございます")).to_be_visible()


def test_an_ended_link_mails_a_new_one(chromium: Browser, site: Site) -> None:
    """On a page of its own, since the browser complains of the 410."""
    world = make_world()
    with tenant_context(world.tenant):
        DocumentLink.objects.filter(document=world.company.document).update(revoked_at=clock.now())
    page = chromium.new_page(locale="ja")
    answer = page.goto(site.url(world.tenant.slug, f"/d/{world.link}/"))
    assert answer
    assert answer.status == 410
    page.get_by_role("button", name="新しいリンクを送る").click()
    expect(page.get_by_role("heading", name="メールをご確認ください")).to_be_visible()
    page.close()


def test_ticked_documents_are_exported(desktop: Page, site: Site) -> None:
    world = make_world()
    with tenant_context(world.tenant):
        user = make_user(password=PASSWORD)
        add_member(customer=world.company.customer, user=user, name="経理 花子", roles=["accounting"])
    desktop.goto(site.url(world.tenant.slug, "/documents/"))
    sign_in(desktop, user)
    desktop.get_by_role("checkbox", name=world.company.document.number).check()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name="選択した書類をCSVで").click()
    assert world.company.document.number in Path(download.value.path()).read_text("utf-8-sig")
    desktop.get_by_role("button", name="選択した書類をZIPで").click()
    expect(desktop).to_have_url(re.compile("/documents/exports/"))


def test_a_transfer_is_matched_with_a_customer_found_by_name(desktop: Page, site: Site) -> None:
    counter = make_counter()
    with tenant_context(counter.tenant):
        wanted = make_customer("株式会社白鷺広告")
        pay_in(5_000, None, "ｶ)ﾌｼﾒｲ")
    desktop.goto(site.url(counter.tenant.slug, "/admin/payments/payment/desk/"))
    sign_in(desktop, counter.operator)
    desktop.get_by_role("link", name="手動で消し込む").click()
    field = desktop.locator("[name=customer_code]")
    field.press_sequentially("白鷺")
    offered = desktop.locator("#customer-choices option")
    expect(offered).to_have_text(["株式会社白鷺広告"])
    field.fill(offered.get_attribute("value") or "")
    desktop.locator("main form .act-primary").click()
    expect(desktop.get_by_role("link", name="株式会社白鷺広告").first).to_be_visible()
    with tenant_context(counter.tenant):
        assert Payment.objects.get(amount=5_000).customer == wanted
