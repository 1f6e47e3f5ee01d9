"""Every screen that a role reaches by links, on a phone and on a desk: it answers, fits, speaks Japanese, and
has no barrier that axe finds."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import Customer, Member, Tenant, User
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import tenant_by_slug
from payments.services.cards import collect, intend_refund
from playbooks.demo import make_demo
from playbooks.demo.shops import PASSWORD, Shop
from tests.browser.checks import complaints, overflow
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.walk import every_screen
from tests.payments.cards import intended, saved

pytestmark = pytest.mark.browser

FEWEST = {"stranger": 3, "member": 33, "keiri": 20, "operator": 130}
"""So many screens there are at least: a walk that stops early has seen nothing wrong."""


@pytest.fixture(scope="module")
def shop(database: None) -> Shop:
    slug = f"shop-{uuid4().hex[:8]}"
    shop = Shop(
        slug,
        "ガンマ証明書株式会社",
        "ガンマSSL",
        "010001000011",
        ("0001", "みずほ銀行", "100", "本店"),
        ("100-0005", "東京都千代田区丸の内9-9-9"),
        customers=14,
        lines=60,
        seed=3,
    )
    make_demo(lambda _text: None, [shop])
    _pay_by_card(slug)
    return shop


def _pay_by_card(slug: str) -> None:
    tenant = tenant_by_slug(slug)
    assert isinstance(tenant, Tenant)
    with tenant_context(tenant):
        customer: Customer = Member.objects.select_related("customer").earliest("id").customer
    card = saved(customer)
    with tenant_context(tenant):
        payment = intended(card)
    collect(payment)
    with tenant_context(tenant):
        intend_refund(card_payment=payment, amount=1_000)


@pytest.mark.parametrize(
    ("role", "starts"),
    [
        ("stranger", ["/accounts/login/", "/quotes/request/", "/accounts/password/reset/"]),
        ("member", ["/"]),
        ("keiri", ["/"]),
        ("operator", ["/admin/"]),
    ],
)
def test_every_screen(chromium: Browser, site: Site, shop: Shop, role: str, starts: list[str]) -> None:
    context = chromium.new_context(viewport=PHONE, locale="ja")  # type: ignore[arg-type]
    page = context.new_page()
    if role != "stranger":
        _sign_in(page, site.url(shop.slug, "/accounts/login/"), f"{role}@{shop.slug}.example")
    wrong, count = [], 0
    for screen in every_screen(page, site.url(shop.slug, ""), role, starts):
        count += 1
        found = complaints(page) + _on_a_desk(page)
        if screen.status != 200:
            found.append(f"it answers {screen.status}")
        wrong += [f"{screen.path}: {each}" for each in found]
    context.close()
    assert wrong == []
    assert count >= FEWEST[role]


def _on_a_desk(page: Page) -> list[str]:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    found = overflow(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return [f"on a desk: {each}" for each in found]


def _sign_in(page: Page, address: str, email: str) -> None:
    assert User.objects.filter(email=email).exists()
    page.goto(address)
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
