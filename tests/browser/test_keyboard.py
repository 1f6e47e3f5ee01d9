"""With the keyboard alone: acts are done, focus is seen everywhere, what opens closes on Escape."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import OperatorRole, Role
from orders.models import LineState, Order
from payments.models import Payment
from tests.admin.world import Office, make_busy_office
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.counter import Counter
from tests.browser.keys import tab_to, walk
from tests.browser.people import browsing, enter

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with browsing(chromium, reduced_motion="reduce") as page:
        yield page


@pytest.fixture(scope="module")
def office(database: None) -> Office:
    return make_busy_office()


def test_order_and_confirm(page: Page, site: Site, counter: Counter) -> None:
    enter(page.context, site, counter.tenant, counter.buyer)
    page.goto(site.url(counter.tenant.slug, "/orders/new/"))
    tab_to(page, page.get_by_label("ドメイン認証SSL 1年"))
    page.keyboard.type("1")
    tab_to(page, page.get_by_role("radio", checked=True))
    chosen = page.locator("[name=payment_method]:checked").get_attribute("value")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=payment_method]:checked")).not_to_have_value(str(chosen))
    page.keyboard.press("ArrowUp")
    tab_to(page, page.get_by_role("button", name="確認へ進む"))
    page.keyboard.press("Enter")
    page.get_by_label("間違いありません").wait_for()
    tab_to(page, page.get_by_label("間違いありません"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="注文を確定する"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ご注文を受け付けました")).to_be_visible()
    assert counter.count(Order) == 2


def test_cancel_a_line(page: Page, site: Site, counter: Counter) -> None:
    enter(page.context, site, counter.tenant, counter.buyer)
    page.goto(site.url(counter.tenant.slug, f"/orders/{counter.order.public_id}/"))
    tab_to(page, page.get_by_role("link", name="ドメイン認証SSL 1年 をキャンセルする"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/cancel/")
    tab_to(page, page.get_by_label("元に戻せないことを確認しました"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="キャンセルする"))
    page.keyboard.press("Enter")
    expect(page.locator(".cell-state").first).to_have_text("キャンセル済み")
    assert counter.line() == LineState.CANCELLED


def test_deliver_in_the_admin(page: Page, site: Site, counter: Counter) -> None:
    enter(page.context, site, counter.tenant, counter.operator)
    page.goto(site.url(counter.tenant.slug, f"/admin/orders/order/{counter.order.pk}/"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="納品する").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/deliver/")
    tab_to(page, page.get_by_role("button", name="納品を記録"))
    page.keyboard.press("Space")
    expect(page.get_by_text("納品済").first).to_be_visible()
    assert counter.line() == LineState.DELIVERED


ON_A_PHONE = ["/", "/orders/new/", "/admin/payments/payment/", "/admin/payments/payment/record/"]
ELSEWHERE = [
    "/documents/",
    "/d/{link}/",
    "/admin/payments/payment/{payment}/",
    "/admin/payments/payment/desk/",
]


@pytest.mark.parametrize(
    ("path", "size"),
    [*((path, DESKTOP) for path in [*ON_A_PHONE, *ELSEWHERE]), *((path, PHONE) for path in ON_A_PHONE)],
)
def test_focus_is_always_seen_and_a_skip_link_comes_first(
    page: Page, site: Site, office: Office, path: str, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    users = office.operators if path.startswith("/admin/") else office.world.company.users
    role = OperatorRole.ADMIN if path.startswith("/admin/") else Role.AUTHORITY
    enter(page.context, site, office.tenant, users[role])
    address = path.format(link=office.world.link, payment=office.row(Payment).pk)
    page.goto(site.url(office.tenant.slug, address), wait_until="networkidle")
    found, wrong = walk(page)
    assert "skip-link" in found[0]
    assert len(found) > 5
    assert wrong == []


def test_menus_close_on_escape_and_give_the_focus_back(page: Page, site: Site, office: Office) -> None:
    enter(page.context, site, office.tenant, office.world.company.users[Role.AUTHORITY])
    page.goto(site.url(office.tenant.slug, "/"))
    menu = page.locator(".topbar details.menu-box summary")
    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(page.locator(".topbar details.menu-box[open]")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu-box[open]")).to_have_count(0)
    expect(menu).to_be_focused()


def test_the_admin_s_menu_and_filters_do_so_too(page: Page, site: Site, office: Office) -> None:
    enter(page.context, site, office.tenant, office.operators[OperatorRole.ADMIN])
    page.goto(site.url(office.tenant.slug, "/admin/payments/payment/"), wait_until="networkidle")
    person = page.locator(".user-menu summary")
    tab_to(page, person)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="ダーク")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".user-menu[open]")).to_have_count(0)
    expect(person).to_be_focused()

    opener = page.locator(".filter-opener")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    expect(page.locator("#filter-form :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#changelist-filter")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_admin_s_navigation_on_a_phone(page: Page, site: Site, office: Office) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    enter(page.context, site, office.tenant, office.operators[OperatorRole.ADMIN])
    page.goto(site.url(office.tenant.slug, "/admin/"), wait_until="networkidle")
    opener = page.get_by_role("button", name="ナビゲーションの表示・非表示")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    expect(page.locator("#nav-sidebar :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    expect(opener).to_be_focused()
