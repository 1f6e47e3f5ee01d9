"""What people do, in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Tenant, User
from accounts.services import add_member
from billing_project.tenancy.context import tenant_context
from tests.browser.conftest import Site
from tests.factories import make_customer, make_user
from tests.web.world import PASSWORD, make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def buyer(tenant: Tenant) -> User:
    with tenant_context(tenant):
        user = make_user(password=PASSWORD)
        add_member(customer=make_customer(), user=user, name="発注 太郎")
    return user


def fits(page: Page) -> bool:
    """Nothing sticks out sideways."""
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
