"""Ordering and downloading without JavaScript, and how much a first visit loads."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from accounts.models import Tenant, User
from accounts.services import add_member, add_operator
from billing_project.tenancy.context import tenant_context
from orders.models import Order, OrderState
from tests.browser.conftest import DESKTOP, Site
from tests.browser.test_flows import sign_in
from tests.factories import make_customer, make_user
from tests.web.world import PASSWORD, make_world

pytestmark = pytest.mark.browser
FIRST_LOAD = 200_000
_TEXT = (".css", ".js", ".svg")


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


def weight(answer: Response) -> int:
    """Bytes as production sends them: style sheets and scripts compressed beforehand, the rest as it is."""
    body = answer.body()
    return len(gzip.compress(body)) if urlsplit(answer.url).path.endswith(_TEXT) else len(body)


@pytest.mark.parametrize("path", ["/", "/documents/"])
def test_a_first_visit_is_light_and_asks_no_other_host(
    path: str, desktop: Page, site: Site, tenant: Tenant, buyer: User
) -> None:
    page, answers = desktop, []
    page.goto(site.url(tenant.slug, "/"))
    sign_in(page, buyer)
    page.wait_for_load_state("networkidle")
    cookies = page.context.cookies()
    fresh = page.context.browser.new_context(viewport=DESKTOP)  # type: ignore[union-attr, arg-type]
    fresh.add_cookies(cookies)  # type: ignore[arg-type]
    first = fresh.new_page()
    first.on("response", lambda answer: answers.append(answer))
    first.goto(site.url(tenant.slug, path), wait_until="networkidle")
    weights = {answer.url: weight(answer) for answer in answers if answer.status == 200}
    fresh.close()
    assert {urlsplit(url).hostname for url in weights} == {f"{tenant.slug}.localhost"}
    assert sum(weights.values()) < FIRST_LOAD, weights


def test_the_admin_asks_no_other_host(desktop: Page, site: Site, tenant: Tenant) -> None:
    with tenant_context(tenant):
        operator = make_user(password=PASSWORD)
        add_operator(user=operator)
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    desktop.goto(site.url(tenant.slug, "/admin/"))
    sign_in(desktop, operator)
    desktop.wait_for_url("**/admin/")
    desktop.wait_for_load_state("networkidle")
    assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {
        f"{tenant.slug}.localhost"
    }
    assert not [url for url in asked if "/inter/Inter" in url]
