"""A form that arrives after sign-out is kept and offered again; one without its token leads back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Tenant, User
from accounts.services import add_member, add_operator
from billing_project.resuming import MAX_CHARACTERS
from billing_project.tenancy.context import tenant_context
from tests.factories import make_customer, make_user
from tests.web.world import PASSWORD, visitor

FORM = "/company/contact/"
TYPED = {"name": "経理 花子", "department": "経理部", "email": "hanako@example.com", "password": "secret"}


@pytest.fixture
def buyer(tenant: Tenant) -> User:
    with tenant_context(tenant):
        user = make_user(password=PASSWORD)
        add_member(customer=make_customer(), user=user, name="発注 太郎")
    return user


def signed_in_again(browser: Client, user: User, at: str) -> str:
    answer = browser.post(at, {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    page: Any = browser.get(answer["Location"])
    return str(page.content.decode())


def test_what_was_typed_is_kept_through_the_sign_in(tenant: Tenant, buyer: User) -> None:
    browser = visitor(tenant)
    sent = browser.post(FORM, TYPED, headers={"referer": f"http://{tenant.slug}.localhost{FORM}"})
    assert reverse("resume") in sent["Location"]
    html = signed_in_again(browser, buyer, sent["Location"])
    assert f'action="{FORM}"' in html
    assert "hanako@example.com" in html
    assert "secret" not in html
    assert browser.get(reverse("resume"))["Location"] == "/"
    assert browser.post(FORM, TYPED).status_code == 302
    assert "hanako@example.com" in browser.get("/company/").content.decode()


def test_of_operators_too(tenant: Tenant) -> None:
    with tenant_context(tenant):
        user = make_user(password=PASSWORD)
        add_operator(user=user)
    browser = visitor(tenant)
    sent = browser.post(reverse("admin:orders_product_new"), {"name": "新商品"})
    assert "新商品" in signed_in_again(browser, user, sent["Location"])


def test_what_is_too_long_is_not_kept(tenant: Tenant, buyer: User) -> None:
    browser = visitor(tenant)
    sent = browser.post(FORM, {"name": "x" * (MAX_CHARACTERS + 1)})
    html = signed_in_again(browser, buyer, sent["Location"])
    assert "xxx" not in html
    assert f'action="{FORM}"' not in html


def test_a_form_without_its_token_leads_back_and_offers_nothing(tenant: Tenant) -> None:
    browser = visitor(tenant, enforce_csrf_checks=True)
    answer = browser.post(FORM, TYPED, headers={"referer": f"http://{tenant.slug}.localhost{FORM}"})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert f'href="{FORM}"' in html
    assert "hanako@example.com" not in html
    foreign = browser.post(FORM, TYPED, headers={"referer": "http://evil.example/x"})
    assert "evil.example" not in foreign.content.decode()
