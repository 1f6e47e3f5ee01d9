"""How much a first visit loads: as production sends it, over the wire."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request

from accounts.models import OperatorRole, Role, User
from invoices.models import Document
from orders.models import Order
from payments.models import Payment
from tests.admin.world import Office, make_busy_office
from tests.browser.conftest import CHECKOUT, Site, serving
from tests.browser.people import browsing, enter

pytestmark = pytest.mark.browser
MOST = 200_000
"""Bytes of a page with all it needs: heads and compressed bodies."""


@pytest.fixture(scope="module")
def built(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product with its files collected, named by their content and compressed."""
    environment = {
        **os.environ,
        "STATIC_MANIFEST": "1",
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "WHITENOISE_USE_FINDERS": "0",
    }
    for command in (["subset_icons"], ["collectstatic", "--no-input"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=CHECKOUT, env=environment, check=True)
    with serving("billing_project.wsgi", environment) as site:
        yield site


@pytest.fixture(scope="module")
def office(database: None) -> Office:
    return make_busy_office()


def address(page: str, office: Office) -> str:
    of = {"document": Document, "order": Order, "payment": Payment}
    rows = {name: office.row(model).pk for name, model in of.items()}
    return page.format(link=office.world.link, **rows)


def who(page: str, office: Office) -> User:
    if page.startswith("/admin/"):
        return office.operators[OperatorRole.ADMIN]
    return office.world.company.users[Role.AUTHORITY]


PAGES = (
    "/",
    "/orders/new/",
    "/documents/",
    "/d/{link}/",
    "/admin/",
    "/admin/invoices/document/",
    "/admin/invoices/document/{document}/",
    "/admin/orders/order/{order}/",
    "/admin/payments/payment/",
    "/admin/payments/payment/desk/",
    "/admin/payments/payment/record/",
    "/admin/payments/payment/{payment}/match/",
    "/admin/ledger/entry/report-ages/",
    "/admin/accounts/policyversion/new/",
)


def test_a_first_visit_is_light_and_asks_no_other_host(
    chromium: Browser, built: Site, office: Office
) -> None:
    """One test for all pages: to collect and compress the files takes longer than to open them."""
    weights = {page: weights_of(page, chromium, built, office) for page in PAGES}
    hosts = {urlsplit(url).hostname for loaded in weights.values() for url in loaded}
    assert hosts == {f"{office.tenant.slug}.localhost"}
    assert {page: loaded for page, loaded in weights.items() if sum(loaded.values()) >= MOST} == {}


def weights_of(page: str, chromium: Browser, built: Site, office: Office) -> dict[str, int]:
    """By address what a first visit of the page loads, in bytes."""
    asked: list[Request] = []
    with browsing(chromium) as visit:
        enter(visit.context, built, office.tenant, who(page, office))
        visit.on("requestfinished", lambda each: asked.append(each))
        answer = visit.goto(built.url(office.tenant.slug, address(page, office)), wait_until="networkidle")
        assert answer
        assert answer.status == 200, page
        return {each.url: weight(each) for each in asked if not each.url.startswith("data:")}


def weight(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]


def test_files_named_by_their_content_are_kept_for_ever(
    chromium: Browser, built: Site, office: Office
) -> None:
    with browsing(chromium) as visit:
        kept: dict[str, str] = {}
        visit.on(
            "response",
            lambda answer: kept.update({answer.url: answer.headers.get("cache-control", "")}),
        )
        visit.goto(built.url(office.tenant.slug, "/accounts/login/"), wait_until="networkidle")
    files = {url: cached for url, cached in kept.items() if "/static/" in url}
    assert files
    assert all("immutable" in cached for cached in files.values()), files
