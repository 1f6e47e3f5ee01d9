"""Lists as XLSX files, and filters that operators keep."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import OperatorRole
from billing_project.backoffice import csv
from billing_project.saved_filters.models import SavedFilter
from billing_project.tenancy.context import tenant_context
from tests.admin.world import Office
from tests.factories import make_customer

CUSTOMERS = reverse("admin:accounts_customer_changelist")
FILTERS = reverse("admin:accounts_customer_filters")


def kept(office: Office) -> list[tuple[str, str]]:
    with tenant_context(office.tenant):
        return list(SavedFilter.objects.order_by("pk").values_list("name", "query"))


def test_a_list_is_an_xlsx_file_with_the_rows_it_found(office: Office) -> None:
    with tenant_context(office.tenant):
        make_customer("=cmd|' /C calc'!A0\x07")
    answer = office.client().get(CUSTOMERS, {"_export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.values)
    names = {row[1] for row in rows[1:]}
    assert len(rows) == 4
    assert {"株式会社アクメ", "みなと商会", "'=cmd|' /C calc'!A0"} == names
    assert ".xlsx" in answer["Content-Disposition"]


def test_a_list_that_is_too_long_for_xlsx_says_so(seen: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv, "MOST_IN_XLSX", 1)
    answer = seen.client().get(CUSTOMERS, {"_export": "xlsx"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(CUSTOMERS)
    assert "CSV" in answer.content.decode()


def test_a_filter_is_kept_shown_and_forgotten(office: Office) -> None:
    client = office.client()
    client.post(FILTERS, {"name": "アクメ", "query": "q=acme&p=3"})
    assert kept(office) == [("アクメ", "q=acme")]
    assert 'href="?q=acme"' in client.get(CUSTOMERS).content.decode()
    client.post(FILTERS, {"name": "アクメ", "query": "q=minato"})
    assert kept(office) == [("アクメ", "q=minato")]
    with tenant_context(office.tenant):
        pk = SavedFilter.objects.get().pk
    client.post(FILTERS, {"remove": str(pk)})
    assert kept(office) == []


def test_a_filter_is_its_owners_alone(office: Office, elsewhere: Office) -> None:
    mine, other = office.client(), office.client(OperatorRole.SUPPORT)
    mine.post(FILTERS, {"name": "私の", "query": "q=a"})
    assert "私の" not in other.get(CUSTOMERS).content.decode()
    with tenant_context(office.tenant):
        pk = SavedFilter.objects.get().pk
    other.post(FILTERS, {"remove": str(pk)})
    elsewhere.client().post(FILTERS, {"remove": str(pk)})
    assert kept(office) == [("私の", "q=a")]


@pytest.mark.parametrize(
    "data", [{"name": "", "query": "q=a"}, {"name": "x", "query": ""}, {"name": "x", "query": "p=2"}]
)
def test_a_filter_needs_a_name_and_something_to_filter(data: dict[str, str], seen: Office) -> None:
    assert seen.client().post(FILTERS, data).status_code == 302
    assert kept(seen) == []


def test_the_way_back_stays_on_the_list(seen: Office) -> None:
    answer = seen.client().post(FILTERS, {"name": "", "query": "//evil.example"})
    assert answer["Location"].startswith(CUSTOMERS)
