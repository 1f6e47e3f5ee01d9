"""The search over documents: what it finds, and that it stays fast with very many of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection

from accounts.models import Tenant
from accounts.names import folded
from accounts.services import addressee_of
from billing_project.tenancy.context import tenant_context
from invoices.benchmark.archive import make_archive
from invoices.forms import DocumentFilter
from invoices.models import Document, DocumentKind
from invoices.panel import with_open_item
from invoices.searching import by_number_or_counterparty, search
from tests.factories import make_customer

from .shop import OCTOBER_31, SEPTEMBER_30, at, charge, close_and_issue, make_shop

TODAY = date(2026, 11, 4)
MANY = 60_000


@pytest.fixture(scope="module")
def shop(database: None) -> Tenant:
    """INV-2026-000001 of 1 October; of 1 November 2 and 3, and RET-2026-000001 which takes 3 back."""
    shop = make_shop()
    with at(shop, "2026-09-30 10:00"):
        acme = make_customer("株式会社アクメ", code="C1", name_kana="アクメ", contact="経理 太郎")
        beta = make_customer("ﾍﾞｰﾀ商事（有）", code="C2", contact="髙橋 花子")
        charge(acme, SEPTEMBER_30, 1_000)
    with at(shop, "2026-10-01 07:00"):
        close_and_issue(SEPTEMBER_30)
    with at(shop, "2026-10-31 10:00"):
        charge(acme, OCTOBER_31, 2_000)
        charge(beta, OCTOBER_31, 30_000)
        assert addressee_of(beta).contact_name == "髙橋 花子"
    with at(shop, "2026-11-01 07:00"):
        close_and_issue(OCTOBER_31)
    return shop


def found(shop: Tenant, **asked: str) -> list[str]:
    form = DocumentFilter(asked)
    with tenant_context(shop):
        documents = search(with_open_item(Document.objects.order_by("number")), form.wanted(), TODAY)
        assert not form.errors
        return [document.number.removeprefix("INV-2026-00000") for document in documents]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, "123"),
        ({"issued_from": "2026-11-01"}, "23"),
        ({"issued_to": "2026-10-31"}, "1"),
        ({"issued_from": "2026-10-01", "issued_to": "2026-10-01"}, "1"),
        ({"least": "1,100", "most": "2,200"}, "12"),
        ({"least": "１１０１"}, "23"),
        ({"number": "inv-2026-00000"}, "123"),
        ({"number": "ＩＮＶ－2026－000002"}, "2"),
        ({"number": "2026"}, ""),
        ({"kind": "invoice"}, "123"),
        ({"kind": "return_invoice"}, ""),
        ({"counterparty": "C2"}, "3"),
        ({"counterparty": "アクメ"}, "12"),
        ({"counterparty": "（株）あくめ"}, "12"),
        ({"counterparty": "ベータ 商事"}, "3"),
        ({"counterparty": "株式会社"}, "12"),
        ({"counterparty": "髙橋花子"}, "3"),
        ({"counterparty": "100%"}, ""),
        ({"counterparty": "アクメ", "issued_from": "2026-11-01"}, "2"),
        ({"counterparty": "アクメ", "least": "2000", "kind": "invoice", "number": "INV"}, "2"),
        ({"issued_from": "2026-11-01", "most": "2200", "standing": "open"}, "2"),
        ({"standing": "overdue"}, "1"),
        ({"standing": "paid"}, ""),
    ],
)
def test_what_it_finds(shop: Tenant, asked: dict[str, str], numbers: str) -> None:
    assert found(shop, **asked) == list(numbers)


def test_one_box_for_number_and_counterparty(shop: Tenant) -> None:
    with tenant_context(shop):
        for text, count in (("INV-2026-000003", 1), ("アクメ", 2), ("c", 3), ("nobody", 0)):
            assert by_number_or_counterparty(Document.objects.all(), text).count() == count


def test_another_tenant_finds_nothing(shop: Tenant) -> None:
    assert found(make_shop(), counterparty="アクメ") == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"issued_from": "2026-11-02", "issued_to": "2026-11-01"}, "issued_to"),
        ({"least": "200", "most": "100"}, "most"),
        ({"issued_from": "2026-11-31"}, "issued_from"),
        ({"most": "1.5"}, "most"),
        ({"kind": "nonsense"}, "kind"),
    ],
)
def test_a_bad_range_is_named(asked: dict[str, str], field: str) -> None:
    form = DocumentFilter(asked)
    assert not form.is_valid()
    assert set(form.errors) == {field}


@pytest.mark.parametrize(
    ("text", "plain"),
    [("㈱ アクメ", "あくめ"), ("（有）ﾍﾞｰﾀ", "べーた"), ("ACME株式会社", "acme"), ("株式会社", "株式会社")],
)
def test_how_names_are_compared(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.fixture(scope="module")
def archive(database: None) -> Tenant:
    return make_archive(MANY, customers=600)


SEARCHES: dict[str, dict[str, Any]] = {
    "newest": {},
    "days": {"issued_from": date(2025, 3, 1), "issued_to": date(2025, 3, 3)},
    "amounts": {"least": 990_000, "most": 990_500},
    "number": {"number": "INV-2025-00300"},
    "kind": {"kind": DocumentKind.RETURN_INVOICE},
    "counterparty": {"counterparty": "17商事"},
    "day and amount": {
        "issued_from": date(2025, 3, 1),
        "issued_to": date(2025, 5, 31),
        "least": 990_000,
        "most": 990_500,
    },
    "day and counterparty": {"issued_from": date(2025, 3, 1), "counterparty": "17商事"},
    "all": {
        "issued_from": date(2025, 3, 1),
        "issued_to": date(2026, 3, 1),
        "least": 100_000,
        "most": 900_000,
        "counterparty": "17商事",
        "number": "INV-2025-",
        "kind": DocumentKind.INVOICE,
    },
}


@pytest.mark.parametrize("name", SEARCHES)
def test_each_search_goes_through_an_index(archive: Tenant, name: str) -> None:
    with tenant_context(archive):
        documents = with_open_item(search(Document.objects.all(), SEARCHES[name], TODAY))
        page = documents.order_by("-issued_on", "-id")[:50]
        assert page
        # Counting whatever there is stops at its limit: in any order of the rows.
        counted = [documents.values("pk")[:10_001]] if SEARCHES[name] else []
        for question in (page, *counted):
            assert scans_of(question) <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}


@pytest.mark.parametrize("text", ["INV-2025-00300", "17商事"])
def test_the_one_box_goes_through_an_index(archive: Tenant, text: str) -> None:
    with tenant_context(archive):
        page = by_number_or_counterparty(Document.objects.all(), text).order_by("-issued_on", "-id")[:50]
        assert page
        assert scans_of(page) <= {"Index Scan", "Bitmap Heap Scan"}


def test_the_plans_are_those_of_the_app_under_row_security(archive: Tenant) -> None:
    with tenant_context(archive), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, row_security_active('invoices_document')")
        assert cursor.fetchone() == ("shimebi_app", True)


def scans_of(rows: Any) -> set[str]:
    """How the documents are read; what else is read has few rows here, and may be read whole."""
    nodes = _nodes(json.loads(rows.explain(format="json"))[0]["Plan"])
    scans = {node["Node Type"] for node in nodes if node.get("Relation Name") == "invoices_document"}
    assert scans
    return scans


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)
