"""Passkeys and authenticator apps, with an authenticator of the browser's own."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from accounts.models import Tenant, User
from accounts.services import add_member
from billing_project.tenancy.context import tenant_context
from tests.browser.conftest import Site
from tests.browser.test_flows import fits, sign_in
from tests.factories import make_customer, make_user
from tests.web.world import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def user(tenant: Tenant) -> User:
    with tenant_context(tenant):
        user = make_user(password=PASSWORD)
        add_member(customer=make_customer(), user=user, name="発注 太郎")
    return user


def give_authenticator(page: Page) -> None:
    """A fingerprint reader that always says yes."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def enter(page: Page, site: Site, tenant: Tenant, user: User, path: str) -> None:
    """Signs in and proves it again, as changes of the second factor demand."""
    page.goto(site.url(tenant.slug, path))
    sign_in(page, user)
    page.wait_for_url("**/accounts/reauthenticate/**")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"**{path}")


def sign_out(page: Page, site: Site, tenant: Tenant) -> None:
    page.goto(site.url(tenant.slug, "/accounts/logout/"))
    page.get_by_role("main").get_by_role("button", name="ログアウト").click()


def test_a_passkey_signs_in_without_a_password(desktop: Page, site: Site, tenant: Tenant, user: User) -> None:
    give_authenticator(desktop)
    enter(desktop, site, tenant, user, "/accounts/2fa/webauthn/add/")
    desktop.get_by_label("名前").fill("会社のパソコン")
    desktop.get_by_label("パスワードレス").check()
    desktop.get_by_role("button", name="追加").click()
    expect(desktop.get_by_role("heading", name="リカバリーコード")).to_be_visible()
    assert fits(desktop)
    sign_out(desktop, site, tenant)

    desktop.goto(site.url(tenant.slug, "/accounts/login/?next=/orders/"))
    desktop.get_by_role("button", name="パスキーでログイン").click()
    expect(desktop.get_by_role("heading", name="ご注文")).to_be_visible()


def test_an_authenticator_app_is_set_up_and_then_asked_for(
    phone: Page, site: Site, tenant: Tenant, user: User
) -> None:
    enter(phone, site, tenant, user, "/accounts/2fa/totp/activate/")
    secret = phone.get_by_label("認証アプリシークレット").input_value()
    counter = next(iter(yield_hotp_counters_from_time()))
    phone.get_by_label("認証アプリコード").fill(format_hotp_value(hotp_value(secret, counter)))
    assert fits(phone)
    phone.get_by_role("button", name="有効化する").click()
    expect(phone.get_by_role("heading", name="リカバリーコード")).to_be_visible()
    codes = phone.get_by_role("textbox").first.input_value().split()
    assert fits(phone)
    sign_out(phone, site, tenant)

    phone.goto(site.url(tenant.slug, "/accounts/login/?next=/orders/"))
    sign_in(phone, user)
    phone.wait_for_url("**/accounts/2fa/authenticate/**")
    assert fits(phone)
    phone.locator("input[name=code]").fill(codes[0])
    phone.locator("input[name=code]").press("Enter")
    expect(phone.get_by_role("heading", name="ご注文")).to_be_visible()
