"""A tenant is made on the set-up pages, by hand and in a browser."""

from __future__ import annotations

import os
import secrets
import time

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.bank_names import bank_name, branch_name
from accounts.models import BankAccount, Customer, Issuer, Operator, Tenant, User
from accounts.services.setup import invite_tenant
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from tests.browser.conftest import Site

PASSWORD = "shimebi-setup-2026"
SELLER = {"name": "株式会社新星", "charges_tax": "on"}


def link() -> tuple[str, str]:
    """The path of a new link, and the mail address that it was made for."""
    email = f"{secrets.token_hex(4)}@example.com"
    address = invite_tenant(email=email)
    return address[address.index("/setup/") :], email


def shop(slug: str) -> dict[str, str]:
    return {"preset": "certificate-shop", "name": "新星", "slug": slug}


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


def rows(tenant: Tenant) -> tuple[int, ...]:
    with tenant_context(tenant):
        return tuple(model.objects.count() for model in (BankAccount, Customer, Operator))


def test_names_of_banks_are_found_by_their_codes() -> None:
    assert (bank_name("0005"), branch_name("0005", "001")) == ("三菱UFJ銀行", "本店")
    assert (bank_name("9999"), bank_name("../x"), branch_name("../x", "001")) == ("", "", "")


def test_every_step_is_saved_once_and_can_be_gone_back_to(client: Client) -> None:
    path, email = link()
    slug = f"t{secrets.token_hex(4)}"
    bank = {
        "bank_code": "0005",
        "branch_code": "001",
        "kind": "1",
        "number": "1234567",
        "holder_kana": "ｶ)ｼﾝｾｲ",
    }
    customer = {"name": "株式会社お客", "contact": "経理 花子", "email": "keiri@example.com"}
    sent = [
        ("shop", shop(slug)),
        ("seller", {**SELLER, "registration_number": "1234567890123"}),
        ("bank", bank),
        ("look", {"colour": "#1a4d8f"}),
        ("operator", {"name": "運用 太郎", "password": PASSWORD}),
        ("customer", customer),
    ]
    assert client.get(f"{path}bank/").status_code == 302
    for name, data in sent:
        for _twice in range(2):
            answer = client.post(f"{path}{name}/", data)
            assert answer.status_code == 302, (name, answer.content.decode())
    tenant = Tenant.objects.get(slug=slug)
    assert rows(tenant) == (1, 1, 1)
    with tenant_context(tenant):
        assert Issuer.objects.get().registration_number == "T1234567890123"
        assert BankAccount.objects.get().bank_name == "三菱UFJ銀行"
    assert "検査数字" in client.get(f"{path}preview/").content.decode()
    assert "株式会社新星" in client.get(f"{path}seller/").content.decode()
    assert client.get(path)["Location"].endswith("/preview/")
    pdf = client.get(f"{path}sample.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert User.objects.get(email=email).check_password(PASSWORD)
    assert client.post(f"{path}preview/").status_code == 302
    assert f"http://{slug}.localhost/admin/" in client.get(path).content.decode()
    client.post(f"{path}seller/", {**SELLER, "name": "別名"})
    with tenant_context(tenant):
        assert Issuer.objects.get().name == "株式会社新星"


def test_what_is_wrong_is_said_and_nothing_is_saved(client: Client) -> None:
    path, _email = link()
    assert client.post(f"{path}shop/", shop("NO SLUG")).status_code == 422
    assert client.get("/setup/not-a-token/").status_code == 404
    slug = f"t{secrets.token_hex(4)}"
    client.post(f"{path}shop/", shop(slug))
    answer = client.post(f"{path}seller/", {**SELLER, "registration_number": "T12"})
    assert answer.status_code == 422
    client.post(f"{path}seller/", SELLER)
    short = {"bank_code": "12", "branch_code": "001", "kind": "1", "number": "1234567", "holder_kana": "ｱ"}
    told = client.post(f"{path}bank/", short).content.decode()
    assert told.count("4桁の数字") == 2  # what is asked for, and that this is not it
    assert "一覧にありません" not in told
    unknown = {"bank_code": "9999", "branch_code": "001", "kind": "1", "number": "1", "holder_kana": "ｱ"}
    answer = client.post(f"{path}bank/", unknown)
    assert answer.status_code == 422
    assert "一覧にありません" in answer.content.decode()
    assert rows(Tenant.objects.get(slug=slug)) == (0, 0, 0)
    other, _email = link()
    assert client.post(f"{other}shop/", shop(slug)).status_code == 422


def test_who_has_a_password_keeps_it(client: Client) -> None:
    path, email = link()
    User.objects.create_user(email, PASSWORD, name="元から")
    client.post(f"{path}shop/", shop(f"t{secrets.token_hex(4)}"))
    for name, data in (("seller", SELLER), ("operator", {"name": "別名", "password": "x" * 20})):
        if name == "operator":
            client.post(f"{path}bank/skip/")
            client.post(f"{path}look/skip/")
        assert client.post(f"{path}{name}/", data).status_code == 302
    assert User.objects.get(email=email).check_password(PASSWORD)


def test_a_link_ends(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from accounts.services import setup

    monkeypatch.setattr(setup, "VALID", timedelta(seconds=-1))
    path, _email = link()
    with pytest.raises(Refusal) as refused:
        setup.setup_of(path.removeprefix("/setup/").removesuffix("/"))
    assert refused.value.code == Code.LINK_EXPIRED
    assert client.get(path).status_code == 410


@pytest.mark.browser
def test_a_tenant_is_made_in_a_browser(desktop: Page, site: Site) -> None:
    """Seven forms; a person who types needs minutes, the pages themselves only seconds."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    path, email = link()
    slug = f"t{secrets.token_hex(4)}"
    page, began, steps = desktop, time.monotonic(), 0

    def onward() -> None:
        nonlocal steps
        steps += 1
        page.locator("button.btn-primary").click()

    page.goto(f"http://localhost:{site.port}{path}")
    page.fill("#id_name", "新星")
    page.fill("#id_slug", slug)
    onward()
    page.fill("#id_name", "株式会社新星")
    page.fill("#id_registration_number", "T7000012050002")
    onward()
    page.fill("#id_bank_code", "0005")
    page.fill("#id_branch_code", "001")
    page.locator("#id_branch_code").blur()
    expect(page.locator("#id_bank_name")).to_have_value("三菱UFJ銀行")
    page.fill("#id_number", "1234567")
    page.fill("#id_holder_kana", "ｶ)ｼﾝｾｲ")
    onward()
    page.get_by_role("link", name="戻る").click()
    assert page.input_value("#id_number") == "1234567"
    page.goto(f"http://localhost:{site.port}{path}")
    assert page.url.endswith("/look/")
    page.fill("#id_colour", "#1a4d8f")
    onward()
    page.fill("#id_name", "運用 太郎")
    page.fill("#id_password", PASSWORD)
    onward()
    page.get_by_role("button", name="あとで設定する").click()
    assert page.locator("iframe.setup-preview").count() == 1
    onward()
    page.get_by_role("link", name="管理画面へ").click()
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form button[type=submit].btn-primary").first.click()
    page.wait_for_url("**/admin/**")
    assert (steps, slug in page.url) == (6, True)
    assert time.monotonic() - began < 300
