"""Every page of control panel and admin that can be opened asks the database little: found, not listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services.branding import change_branding
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from playbooks.benchmark.walk import Page, Shown, find_pages
from tests.admin.world import NOW, Office, make_busy_office
from tests.web.world import visitor

QUERIES = 15
QUESTIONS = ("SELECT", "INSERT", "UPDATE", "WITH")


@pytest.fixture(scope="module")
def office(database: None) -> Iterator[Office]:
    with clock.frozen(NOW):
        office = make_busy_office()
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


@dataclass(frozen=True)
class Walked:
    """What the walk found, which questions each address asked, and where HTML was escaped once too often."""

    found: list[Page | tuple[str, str]]
    asked: dict[str, list[str]]
    escaped: list[str]

    @property
    def pages(self) -> list[Page]:
        return [each for each in self.found if isinstance(each, Page)]


@pytest.fixture(scope="module")
def walked(office: Office, clients: dict[str, Client]) -> Walked:
    asked: dict[str, list[str]] = {}
    escaped: list[str] = []

    def look(who: str, path: str) -> str:
        with CaptureQueriesContext(connection) as queries:
            answer = clients[who].get(path)
        asked[path] = [each["sql"] for each in queries if each["sql"].startswith(QUESTIONS)]
        kind = answer.get("Content-Type", "")
        if answer.status_code != 200:
            return str(answer.status_code)
        if not kind.startswith("text/html"):
            return kind
        if "&lt;/" in answer.content.decode():
            escaped.append(path)
        return ""

    world = office.world
    member = world.company.members["authority"]
    tokens = (world.link, world.quote_link, world.calendar, world.invitation)
    found = list(find_pages(Shown(member, tokens, world.company.customer.name), look))
    for each in found:
        # Once more what comes after a limit: some things are asked for once in a process.
        if isinstance(each, Page) and len(asked.get(each.path, "")) not in range(1, QUERIES + 1):
            assert look(each.who, each.path) == ""
    return Walked(found, asked, escaped)


def test_every_page_asks_little(walked: Walked) -> None:
    asked = {page.route: len(walked.asked[page.path]) for page in walked.pages}
    assert {route: count for route, count in asked.items() if count > QUERIES} == {}


def test_no_page_shows_its_markup(walked: Walked) -> None:
    assert walked.escaped == []


def test_the_walk_finds_pages_of_every_kind(walked: Walked) -> None:
    routes = {page.route: page.who for page in walked.pages}
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
    broken = [each for each in walked.found if not isinstance(each, Page) and each[1].startswith("5")]
    assert not broken
