"""Each page for each role: who may open it, in both languages, with few queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.services import add_member, remove_member
from billing_project.listing import csv_response
from billing_project.tenancy.context import tenant_context
from orders.models import OrderState
from tests.factories import make_user
from tests.web.test_walls_of_urls import address
from tests.web.world import World, order_of, sign_in

ALL = {Role.AUTHORITY, Role.REQUESTER, Role.ACCOUNTING}
BUYERS = {Role.AUTHORITY, Role.REQUESTER}
ONLY_AUTHORITY = {Role.AUTHORITY}
PAGES = {
    "home": ALL,
    "calendar": ALL,
    "accounts:profile": ALL,
    "orders:list": ALL,
    "orders:csv": ALL,
    "orders:new": BUYERS,
    "orders:detail": ALL,
    "orders:done": BUYERS,
    "invoices:list": ALL,
    "invoices:csv": ALL,
    "invoices:detail": ALL,
    "invoices:pdf": ALL,
    "cancellations:cancel_line": BUYERS,
    "accounts:company": ALL,
    "accounts:contact": {Role.AUTHORITY, Role.ACCOUNTING},
    "accounts:members": ONLY_AUTHORITY,
    "accounts:invite": ONLY_AUTHORITY,
    "accounts:member_roles": ONLY_AUTHORITY,
    "accounts:member_remove": ONLY_AUTHORITY,
}
WITH_ID = {"detail", "done", "pdf", "cancel_line", "member_roles", "member_remove"}
QUERIES = 15


def path_of(name: str, world: World) -> str:
    return address(name, world) if name.rsplit(":")[-1] in WITH_ID else reverse(name)


@pytest.mark.parametrize("role", sorted(ALL))
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_the_roles_that_may(name: str, role: str, seen: World) -> None:
    answer = seen.client(role).get(path_of(name, seen))
    assert answer.status_code == (200 if role in PAGES[name] else 403)
    if answer.status_code == 403:
        assert "権限がありません" in answer.content.decode()


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("invoices:pdf",)])
def test_pages_ask_little(name: str, seen: World) -> None:
    client, path = seen.client(), path_of(name, seen)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(path)
    real = [each["sql"] for each in asked if each["sql"].startswith(("SELECT", "INSERT", "UPDATE", "WITH"))]
    assert len(real) <= QUERIES, "\n".join(real)


@pytest.mark.parametrize("name", [name for name in PAGES if "csv" not in name and "pdf" not in name])
def test_pages_have_no_inline_script_or_style(name: str, seen: World) -> None:
    answer = seen.client().get(path_of(name, seen))
    html = answer.content.decode()
    assert " style=" not in html
    assert "onclick" not in html
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", [name for name in PAGES if "csv" not in name and "pdf" not in name])
def test_english_pages_are_english(name: str, seen: World) -> None:
    client = seen.client()
    client.cookies["django_language"] = "en"
    html = client.get(path_of(name, seen)).content.decode()
    assert '<html lang="en"' in html
    assert client.get(path_of(name, seen), headers={"Accept-Language": "ja"}).status_code == 200


def test_a_requester_sees_only_own_orders(world: World) -> None:
    with tenant_context(world.tenant):
        other = order_of(world.company, "DV-1Y", 1, Role.AUTHORITY)
    requester, accounting = world.client(Role.REQUESTER), world.client(Role.ACCOUNTING)
    path = reverse("orders:detail", args=[other.public_id])
    assert requester.get(path).status_code == 404
    assert accounting.get(path).status_code == 200
    assert other.number not in requester.get(reverse("orders:list")).content.decode()
    assert other.number not in requester.get(reverse("orders:csv")).content.decode()
    assert other.number not in requester.get(reverse("home")).content.decode()
    assert other.number in accounting.get(reverse("orders:list")).content.decode()


def test_a_requester_sees_only_documents_of_own_orders(seen: World) -> None:
    """The invoice of 11-01 has one line, which the requester ordered; a colleague sees nothing of it."""
    number = seen.company.document.number
    assert number in seen.client(Role.REQUESTER).get(reverse("invoices:list")).content.decode()
    with tenant_context(seen.tenant):
        colleague = make_user()
        add_member(customer=seen.company.customer, user=colleague, name="同僚", roles=["requester"])
    client = sign_in(colleague, seen.tenant)
    assert number not in client.get(reverse("invoices:list")).content.decode()
    assert client.get(address("invoices:detail", seen)).status_code == 404
    assert client.get(address("invoices:pdf", seen)).status_code == 404


def test_a_document_has_its_days_in_the_japanese_era_too(seen: World) -> None:
    """Issued on 2026-11-01, due on 2026-11-30; 2026 is the eighth year of Reiwa."""
    client, path = seen.client(), address("invoices:detail", seen)
    page = client.get(path).content.decode()
    assert "令和8年11月1日" in page
    assert "令和8年11月30日" in page
    client.cookies["django_language"] = "en"
    assert "令和" not in client.get(path).content.decode()


def test_the_order_list_searches_and_filters(seen: World) -> None:
    client, company = seen.client(), seen.company

    def found(**query: str) -> str:
        return client.get(reverse("orders:list"), query).content.decode()

    assert company.open.number in found(q=company.open.number)
    assert company.billed.number not in found(q=company.open.number)
    assert company.billed.number in found(state=OrderState.DELIVERED)
    assert company.open.number not in found(state=OrderState.DELIVERED)
    assert company.billed.number not in found(ordered_from="2026-11-01")
    assert company.billed.number in found(sort="-amount", page="99")
    assert company.billed.number in found(sort="tenant__slug", state="nonsense", ordered_from="nonsense")


def test_the_document_list_searches_by_number_day_amount_kind_and_payment(seen: World) -> None:
    """98,765 yen and 10 percent, rounded down: 108,641 yen, due on 11-30."""
    client, number = seen.client(), seen.company.document.number

    def found(**query: str) -> bool:
        return f">{number}</a>" in client.get(reverse("invoices:list"), query).content.decode()

    assert seen.company.document.total == 108_641
    assert found(q=number, issued_from="2026-11-01", issued_to="2026-11-01")
    assert found(q=seen.company.billed.number, least="108,641", most="１０８６４１円")
    assert found(kind="invoice", standing="open")
    assert not found(standing="paid")
    assert not found(standing="overdue")
    assert not found(least="108642")
    assert not found(issued_from="2026-11-02")
    assert not found(kind="return_invoice")


def test_a_filter_that_cannot_be_read_says_so(seen: World) -> None:
    page = seen.client().get(reverse("invoices:list"), {"least": "1.5", "issued_from": "2026-02-30"})
    assert page.status_code == 200
    assert "小数" in page.content.decode()


def test_csv_is_for_spreadsheets(seen: World) -> None:
    answer = seen.client().get(reverse("invoices:csv"))
    assert answer.content.startswith("\ufeff".encode())
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    head, row = answer.content.decode("utf-8-sig").split("\r\n")[:2]
    assert row.split(",")[:1] == [seen.company.document.number]
    assert "108641" in row
    assert len(head.split(",")) == len(row.split(","))


def test_a_formula_in_a_text_is_harmless() -> None:
    answer = csv_response("a.csv", ["x"], [["=1+1", -5, "@x", None, "ok"]])
    assert answer.content.decode("utf-8-sig").split("\r\n")[1] == "'=1+1,-5,'@x,,ok"


def test_who_is_no_member_here_is_told(seen: World, elsewhere: World) -> None:
    stranger = sign_in(elsewhere.company.users[Role.AUTHORITY], seen.tenant)
    answer = stranger.get("/")
    assert answer.status_code == 403
    assert seen.company.customer.name not in answer.content.decode()


def test_a_member_is_told_who_may_enter_the_admin_and_led_home(seen: World) -> None:
    told = seen.client(Role.AUTHORITY).get("/admin/", follow=True)
    assert told.status_code == 403
    html = told.content.decode()
    assert f"{seen.tenant.name} のオペレーターとして登録されていません" in html
    assert 'class="btn btn-primary" href="/"' in html


def test_a_removed_member_loses_access_at_once(world: World) -> None:
    client = world.client(Role.ACCOUNTING)
    assert client.get("/").status_code == 200
    with tenant_context(world.tenant):
        remove_member(member=world.company.members[Role.ACCOUNTING])
    assert client.get("/").status_code == 403
