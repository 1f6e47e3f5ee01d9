"""Reports: every sum worked out by hand, and equal to the ledger's balances."""

from __future__ import annotations

import io
import os
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Customer, OperatorRole, Tenant
from accounts.services import add_operator
from billing_project.backoffice.reports import Report
from billing_project.embedded.roles import in_database
from billing_project.tenancy.context import tenant_context
from invoices.admin.ages import ages_report
from invoices.models import Allocation
from invoices.reports import Age, age_of
from ledger.admin.reports import deposit_report, paid_report, sales_report
from ledger.models import Account, Entry, Line
from ledger.reports import entries_behind
from payments.services import receive_transfer
from tests.factories import make_customer, make_user
from tests.invoices.shop import assert_books_are_right, at, charge, close_and_issue, make_shop
from tests.web.world import sign_in

OCTOBER_31 = date(2026, 10, 31)


@pytest.fixture(scope="module")
def shop() -> tuple[Tenant, Customer]:
    """September: 10,000 + 1,000 and 5,000 + 400; October: 2,000 + 200. 10,000 come on 10-20 and on 11-25."""
    tenant = make_shop()
    with at(tenant, "2026-09-01 00:00"):
        customer = make_customer()
    with at(tenant, "2026-09-10 12:00"):
        charge(customer, date(2026, 9, 10), 10_000)
        charge(customer, date(2026, 9, 10), 5_000, tax="reduced")
    with at(tenant, "2026-10-01 07:00"):
        close_and_issue(date(2026, 9, 30))
    with at(tenant, "2026-10-10 12:00"):
        charge(customer, date(2026, 10, 10), 2_000)
    with at(tenant, "2026-10-20 12:00"):
        pay(customer, 10_000, "one")
    with at(tenant, "2026-11-01 07:00"):
        close_and_issue(OCTOBER_31)
    with at(tenant, "2026-11-25 12:00"):
        pay(customer, 10_000, "two")
    assert_books_are_right(tenant)
    return tenant, customer


def pay(customer: Customer, amount: int, reference: str) -> None:
    day = date(2026, 10, 20) if reference == "one" else date(2026, 11, 25)
    receive_transfer(
        amount=amount, payer_name="ｶ)ｱｸﾒ", received_on=day, reference=reference, customer=customer
    )


def table(report: Report, grid: int = 0) -> dict[str, list[int]]:
    return {str(row.label): [cell.amount for cell in row.cells] for row in report.grids[grid].all_rows}


def months(report: Report) -> dict[str, list[int]]:
    return {label: amounts for label, amounts in table(report).items() if any(amounts)}


def test_sales_and_tax_by_rate_and_month(shop: Any) -> None:
    with tenant_context(shop[0]):
        report = sales_report(date(2026, 11, 30), None)
    assert [str(column) for column in report.grids[0].columns][::2] == ["標準税率 10%", "軽減税率 8%"]
    assert months(report) == {
        "2026-09": [10_000, 1_000, 5_000, 400],
        "2026-10": [2_000, 200, 0, 0],
        "計": [12_000, 1_200, 5_000, 400],
    }


def test_billed_and_paid(shop: Any) -> None:
    """16,400 and 2,200 were billed; of the second 10,000 only 8,600 were still owed."""
    with tenant_context(shop[0]):
        assert months(paid_report(date(2026, 11, 30), None)) == {
            "2026-09": [16_400, 0, 0, 16_400],
            "2026-10": [2_200, 10_000, 0, 8_600],
            "2026-11": [0, 8_600, 0, 0],
        }
        assert months(paid_report(date(2026, 11, 24), None))["2026-11"] == [0, 0, 0, 8_600]


def test_deposits(shop: Any) -> None:
    with tenant_context(shop[0]):
        report = deposit_report(date(2026, 11, 30), None)
        assert months(report) == {"2026-11": [1_400, 0, 1_400]}
        assert list(table(report, 1).values()) == [[1_400]]
        assert months(deposit_report(date(2026, 11, 24), None)) == {}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # September's bill is booked on 9-30 and due on 10-31, October's on 11-30.
        ("2026-09-29", {}),
        ("2026-10-31", {"期限前": [8_600, 2]}),
        ("2026-11-24", {"期限前": [2_200, 1], "1〜30日": [6_400, 1]}),
        ("2026-12-01", {}),
    ],
)
def test_receivables_by_age(shop: Any, day: str, expected: dict[str, list[int]]) -> None:
    with tenant_context(shop[0]):
        found = table(ages_report(date.fromisoformat(day), None))
    total = [sum(each) for each in zip(*expected.values(), strict=True)] or [0, 0]
    assert found.pop("計") == total
    assert {label: amounts for label, amounts in found.items() if any(amounts)} == expected


@pytest.mark.parametrize(
    ("days", "age"),
    list(
        zip(
            (-1, 0, 1, 30, 31, 60, 61, 90, 91, 900),
            ["not_due"] * 2 + ["1-30"] * 2 + ["31-60"] * 2 + ["61-90"] * 2 + ["over_90"] * 2,
            strict=True,
        )
    ),
)
def test_ages(days: int, age: str) -> None:
    day = date(2026, 12, 31)
    assert age_of(date.fromordinal(day.toordinal() - days), day) == Age(age)


def sum_behind(figure: str, entries: list[int]) -> int:
    """What the lines of the entries come to that the figure speaks of, whichever side they are on."""
    name, *said = figure.split("~")
    lines = Line.objects.filter(entry__in=entries)
    if name == "age":
        documents = Entry.objects.filter(pk__in=entries).values("source_id")
        until = date.fromisoformat(said[1])
        paid = Allocation.objects.filter(document__in=documents, entry__booked_on__lte=until)
        return sum_of(lines.filter(account=Account.RECEIVABLE)) - sum_of(paid)
    if name == "receivable":
        return abs(sum_of(lines.filter(account=Account.RECEIVABLE)))
    lines = lines.filter(account=said[0])
    if name == "tax":
        return -sum_of(lines.filter(tax_category=said[1], tax_rate=said[2] or None))
    side, customer = (*said[3:], "", "")[:2]
    if side:
        lines = lines.filter(amount__gt=0) if side == "debit" else lines.filter(amount__lt=0)
    return abs(sum_of(lines.filter(customer=customer) if customer else lines))


def sum_of(rows: Any) -> int:
    return sum(rows.values_list("amount", flat=True))


def test_each_figure_opens_entries_that_add_up_to_it(shop: Any) -> None:
    tenant, _customer = shop
    client, checked = accountant(tenant), 0
    with tenant_context(tenant):
        days = date(2026, 11, 24), date(2026, 11, 30)
        builders = sales_report, paid_report, deposit_report, ages_report
        grids = [grid for day in days for build in builders for grid in build(day, None).grids]
    for cell in [cell for grid in grids for row in grid.all_rows for cell in row.cells if cell.href]:
        figure = parse_qs(urlsplit(cell.href).query)["figure"][0]
        if not cell.amount:
            with tenant_context(tenant):
                assert sum_behind(figure, list(entries_behind(figure).values_list("pk", flat=True))) == 0
            continue
        opened = [entry.pk for entry in client.get(cell.href).context["cl"].result_list]
        with tenant_context(tenant):
            expected = sum_behind(figure, opened) if cell.is_yen else len(opened)
        assert expected == cell.amount, figure
        checked += 1
    assert checked > 30


def test_a_figure_that_there_is_not_is_refused(shop: Any) -> None:
    for wrong in ("", "nothing", "age~old~2026-11-24", "account~sales", "tax~sales~standard~x~~2026-11-30"):
        with tenant_context(shop[0]), pytest.raises(ValueError):
            list(entries_behind(wrong))


def accountant(tenant: Tenant) -> Any:
    user = make_user()
    with tenant_context(tenant):
        add_operator(user=user, role=OperatorRole.ACCOUNTING)
    return sign_in(user, tenant)


def test_pages_and_files(shop: Any) -> None:
    tenant, _customer = shop
    client = accountant(tenant)
    for name in ("ages", "sales", "paid", "deposits"):
        address = reverse(f"admin:ledger_entry_report-{name}")
        page = client.get(address, {"as_of": "2026-11-24"})
        assert page.status_code == 200
        assert 'id="report-data" type="application/json"' in page.content.decode()
    ages = reverse("admin:ledger_entry_report-ages")
    text = client.get(ages, {"as_of": "2026-11-24", "file": "csv"}).content.decode("utf-8-sig")
    assert "1〜30日,6400,1" in text
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(ages, {"as_of": "2026-11-24", "file": "xlsx"}).content)
    )
    assert ("1〜30日", 6_400, 1) in list(book.worksheets[0].iter_rows(values_only=True))
    entries = reverse("admin:ledger_entry_changelist")
    assert client.get(entries, {"figure": "age~1-30~2026-11-24"}).status_code == 200
    assert client.get(entries, {"figure": "nothing~1"}).status_code == 302


def test_another_tenants_figures_are_not_there(shop: Any) -> None:
    other = make_shop()
    with tenant_context(other):
        assert months(paid_report(date(2026, 11, 30), None)) == {}
        assert not entries_behind("age~1-30~2026-11-24").exists()
        assert not Entry.objects.exists()


def test_only_months_with_new_entries_are_added_up_again() -> None:
    tenant = make_shop()
    with at(tenant, "2026-09-01 00:00"):
        customer = make_customer()
    with at(tenant, "2026-10-20 12:00"):
        pay(customer, 10_000, "one")
    with at(tenant, "2026-11-25 12:00"):
        assert months(deposit_report(date(2026, 11, 30), None)) == {
            "2026-10": [10_000, 0, 10_000],
            "2026-11": [0, 0, 10_000],
        }
        assert _days_added_up(date(2026, 11, 30)) == []
        pay(customer, 500, "two")
        assert _days_added_up(date(2026, 11, 30)) == [(date(2026, 11, 1), date(2026, 11, 30))]
        assert months(deposit_report(date(2026, 11, 30), None)) == {
            "2026-10": [10_000, 0, 10_000],
            "2026-11": [500, 0, 10_500],
        }


def test_after_a_backup_was_put_back_nothing_that_was_kept_is_shown() -> None:
    """The same numbers of entries stand for others, which were written at another moment."""
    tenant = make_shop()
    with at(tenant, "2026-10-20 12:00"):
        pay(make_customer(), 10_000, "one")
        assert months(deposit_report(OCTOBER_31, None)) == {"2026-10": [10_000, 0, 10_000]}
    with psycopg.connect(in_database(os.environ["TEST_SUPERUSER_URL"], _database())) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE ledger_line SET amount = amount / 2 WHERE tenant_id = %s", [tenant.pk])
        superuser.execute(
            "UPDATE ledger_entry SET recorded_at = recorded_at + interval '1 second' WHERE tenant_id = %s",
            [tenant.pk],
        )
    with at(tenant, "2026-10-20 12:00"):
        assert months(deposit_report(OCTOBER_31, None))["2026-10"][0] == 5_000


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _days_added_up(day: date) -> list[tuple[date, date]]:
    """The days over which the report of deposits adds up lines."""
    asked: list[tuple[date, date]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "date_trunc('month', e.booked_on)" in sql:
            asked.append((params["first"], params["last"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        deposit_report(day, None)
    return asked
