"""What people do, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Tenant, User
from accounts.services import add_member, add_operator
from billing_project.tenancy.context import tenant_context
from orders.models import Order, OrderState
from tests.browser.conftest import DESKTOP, Site
from tests.browser.test_flows import sign_in
from tests.factories import make_customer, make_user
from tests.web.world import PASSWORD, make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def buyer(tenant: Tenant) -> User:
    with tenant_context(tenant):
        user = make_user(password=PASSWORD)
        add_member(customer=make_customer(), user=user, name="発注 太郎")
        add_operator(user=make_user())
    return user


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


def the_order(tenant: Tenant) -> Order:
    with tenant_context(tenant):
        order: Order = Order.objects.get()
        return order


def test_order_without_javascript(without_scripts: Page, site: Site, tenant: Tenant, buyer: User) -> None:
    page = without_scripts
    page.goto(site.url(tenant.slug, "/orders/new/"))
    sign_in(page, buyer)
    page.get_by_label("ドメイン認証SSL 1年").fill("1")
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_label("間違いありません").check()
    page.get_by_role("button", name="注文を確定する").click()
    expect(page.get_by_role("heading", name="ご注文を受け付けました")).to_be_visible()
    assert the_order(tenant).state == OrderState.OPEN


def test_a_document_is_downloaded_without_javascript(without_scripts: Page, site: Site) -> None:
    world = make_world()
    without_scripts.goto(site.url(world.tenant.slug, f"/d/{world.link}/"))
    with without_scripts.expect_download() as download:
        without_scripts.get_by_role("link", name="PDFをダウンロード").click()
    assert download.value.suggested_filename.endswith(".pdf")
