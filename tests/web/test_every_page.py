"""Every page of control panel and admin that can be opened asks the database little: found, not listed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services.branding import change_branding
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from playbooks.benchmark.walk import Page, Shown, find_pages
from tests.admin.world import NOW, Office, make_office
from tests.web.world import visitor

QUERIES = 15


@pytest.fixture(scope="module")
def office(database: None) -> Iterator[Office]:
    with clock.frozen(NOW):
        office = make_office()
        with tenant_context(office.tenant):
            change_branding(colour="#2a4b8d")
        yield office


@pytest.fixture(scope="module")
def clients(office: Office) -> dict[str, Client]:
    return {
        "member": office.world.client(),
        "operator": office.client(),
        "visitor": visitor(office.tenant),
    }


@pytest.fixture(scope="module")
def found(office: Office, clients: dict[str, Client]) -> list[Page | tuple[str, str]]:
    def look(who: str, path: str) -> str:
        answer = clients[who].get(path)
        html = answer.get("Content-Type", "").startswith("text/html")
        return "" if answer.status_code == 200 and html else str(answer.status_code)

    world = office.world
    member = world.company.members["authority"]
    tokens = (world.link, world.quote_link, world.calendar, world.invitation)
    return list(find_pages(Shown(member, tokens, world.company.customer.name), look))


@pytest.fixture(scope="module")
def pages(found: list[Page | tuple[str, str]]) -> list[Page]:
    return [each for each in found if isinstance(each, Page)]


def test_every_page_asks_little(pages: list[Page], clients: dict[str, Client]) -> None:
    asked = {page: _queries(clients[page.who], page.path) for page in pages}
    too_many = {page.route: len(queries) for page, queries in asked.items() if len(queries) > QUERIES}
    assert too_many == {}


def _queries(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return [each["sql"] for each in asked if each["sql"].startswith(("SELECT", "INSERT", "UPDATE", "WITH"))]


def test_the_walk_finds_pages_of_every_kind(pages: list[Page], found: list[Page | tuple[str, str]]) -> None:
    routes = {page.route: page.who for page in pages}
    assert routes["account_login"] == "visitor"
    assert routes["invoices:link"] == "member"
    for route in (
        "home",
        "orders:detail",
        "cancellations:cancel_line",
        "payments:statement",
        "invoices:list?",
    ):
        assert routes[route] == "member", route
    for route in ("index", "inbox", "search?", "orders_order_cancel", "accounts_customer_history-of"):
        assert routes[f"admin:{route}"] == "operator", route
    broken = [each for each in found if not isinstance(each, Page) and each[1].startswith("5")]
    assert not broken
