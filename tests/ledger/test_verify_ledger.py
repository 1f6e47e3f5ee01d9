"""`verify_ledger` finds what is wrong and names it; rows are bent as only a superuser could."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Tenant
from billing_project.embedded.roles import in_database
from tests.factories import make_customer
from tests.invoices.shop import at, charge, close_and_issue, make_shop


@pytest.fixture
def shop() -> Tenant:
    """Two customers with an invoice each: 1,100 and 1,080."""
    shop = make_shop()
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer(code="A"), date(2026, 10, 28), 1_000)
        charge(make_customer(code="B"), date(2026, 10, 28), 1_000, tax="reduced")
    with at(shop, "2026-11-01 07:00"):
        close_and_issue()
    return shop


@contextmanager
def bent(statement: str, tenant: Tenant) -> Iterator[None]:
    """The database with something wrong in it, without triggers, keys and row security."""
    url = in_database(os.environ["TEST_SUPERUSER_URL"], connection.settings_dict["NAME"])
    with psycopg.connect(url) as superuser:
        superuser.execute("SET session_replication_role = replica")
        assert superuser.execute(statement.replace("TENANT", str(tenant.pk))).rowcount > 0
    yield


def verify(tenant: Tenant) -> str:
    out = io.StringIO()
    call_command("verify_ledger", "--tenant", tenant.slug, stdout=out)
    return out.getvalue()


def test_all_is_well(shop: Tenant) -> None:
    assert verify(shop).startswith("All is well: ")


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        (
            "UPDATE ledger_line SET amount = amount + 1 WHERE tenant_id = TENANT AND account = 'receivable'"
            " AND amount = 1100",
            [
                "entry",
                "is 1, should be 0",
                "receivable of customer A is 1,100, should be 1,101",
                "INV-2026-000001",
            ],
        ),
        (
            "UPDATE ledger_customerbalance SET receivable = 7 WHERE tenant_id = TENANT AND receivable = 1100",
            ["receivable of customer A is 7, should be 1,100"],
        ),
        (
            "UPDATE ledger_customerbalance SET deposit = 5 WHERE tenant_id = TENANT AND receivable = 1080",
            ["deposit of customer B is 5, should be 0"],
        ),
        (
            "UPDATE ledger_line SET customer_id = NULL WHERE tenant_id = TENANT AND amount = 1100",
            ["without customer is 1,100, should be 0"],
        ),
        (
            "DELETE FROM ledger_entry WHERE tenant_id = TENANT AND memo = 'INV-2026-000002'",
            ["INV-2026-000002 in the ledger is 0, should be 1,080"],
        ),
        (
            "UPDATE ledger_entry SET booked_on = '2026-11-01' WHERE tenant_id = TENANT AND memo LIKE '%1'",
            ["INV-2026-000001 in the ledger"],
        ),
        (
            "DELETE FROM invoices_document WHERE tenant_id = TENANT AND number = 'INV-2026-000001'",
            ["of document", "invoice 2026 numbers to 2 is 1, should be 2"],
        ),
        (
            "UPDATE invoices_documenttax SET tax = 99 WHERE tenant_id = TENANT AND tax = 100",
            ["INV-2026-000001 total is 1,100, should be 1,099"],
        ),
        (
            "UPDATE invoices_documentline SET amount = 999 WHERE tenant_id = TENANT AND tax_rate = 8",
            ["INV-2026-000002 reduced 8 % is 1,000, should be 999"],
        ),
        (
            "UPDATE invoices_openitem SET open_amount = 1 WHERE tenant_id = TENANT AND open_amount = 1100",
            [
                "INV-2026-000001 still to pay is 1, should be 1,100",
                "receivable of customer A is 1,100, should be 1",
            ],
        ),
        (
            "UPDATE invoices_numbercounter SET last = 3 WHERE tenant_id = TENANT",
            ["invoice 2026 numbers to 2 is 2, should be 3"],
        ),
    ],
)
def test_what_is_wrong_is_named(shop: Tenant, statement: str, names: list[str]) -> None:
    with bent(statement, shop), pytest.raises(CommandError) as failed:
        verify(shop)
    for name in names:
        assert name in str(failed.value)


def test_a_charge_billed_twice_is_named(shop: Tenant) -> None:
    statement = """
    INSERT INTO invoices_documentline OVERRIDING SYSTEM VALUE
    SELECT (jsonb_populate_record(l, '{"id": 999999999, "position": 2}')).* FROM invoices_documentline l
    WHERE tenant_id = TENANT AND amount = 1000 AND tax_rate = 10
    """
    table, name = "invoices_documentline", "invoices_line_bills_once"
    drop = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    add = f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (tenant_id, charge_id)"
    url = in_database(os.environ["TEST_SUPERUSER_URL"], connection.settings_dict["NAME"])
    with psycopg.connect(url) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(drop)
        superuser.execute(statement.replace("TENANT", str(shop.pk)))
    try:
        with pytest.raises(CommandError, match=r"documents that bill charge \d+ is 2, should be 1"):
            verify(shop)
    finally:
        with psycopg.connect(url) as superuser:
            superuser.execute("SET session_replication_role = replica")
            superuser.execute("DELETE FROM invoices_documentline WHERE id = 999999999")
            superuser.execute(add)


def test_as_json(shop: Tenant) -> None:
    out = io.StringIO()
    statement = "UPDATE invoices_numbercounter SET last = 3 WHERE tenant_id = TENANT"
    with bent(statement, shop), pytest.raises(CommandError, match="Differences: 1"):
        call_command("verify_ledger", "--tenant", shop.slug, "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["ok"] is False
    assert answer["differences"] == [
        {
            "tenant_id": shop.pk,
            "check": "numbers have no gaps",
            "subject": "invoice 2026 numbers to 2",
            "found": 2,
            "expected": 3,
        }
    ]
