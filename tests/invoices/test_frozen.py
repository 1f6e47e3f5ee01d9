"""Issued is frozen (X1): neither the app nor the owner of the tables changes or removes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, connections, transaction

from accounts.models import Tenant
from tests.factories import make_customer
from tests.invoices.shop import at, charge, close_and_issue, make_shop

FROZEN = [
    ("invoices_charge", "amount"),
    ("invoices_document", "total"),
    ("invoices_documentline", "amount"),
    ("invoices_documenttax", "tax"),
    ("ledger_entry", "memo"),
    ("ledger_line", "amount"),
]


@pytest.fixture(scope="module")
def shop() -> Iterator[Tenant]:
    shop = make_shop()
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer(), date(2026, 10, 28), 1_000)
    with at(shop, "2026-11-01 07:00"):
        close_and_issue()
    yield shop
    connections["owner"].close()


def run(tenant: Tenant, role: str, statement: str) -> int:
    """The number of rows changed."""
    with transaction.atomic(using=role), connections[role].cursor() as cursor:
        cursor.execute(f"SET LOCAL app.tenant_id = '{tenant.pk}'")
        cursor.execute(statement)
        return int(cursor.rowcount)


@pytest.mark.parametrize(("table", "column"), FROZEN)
@pytest.mark.parametrize(
    ("role", "says"),
    [("default", "permission denied"), ("owner", "is frozen|append-only")],
)
def test_nothing_issued_is_changed_or_removed(
    shop: Tenant, table: str, column: str, role: str, says: str
) -> None:
    assert run(shop, role, f"SELECT {column} FROM {table}") > 0
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match=says):
            run(shop, role, statement)


def test_an_entry_that_does_not_balance_is_refused_by_the_database(shop: Tenant) -> None:
    statement = """
    WITH entry AS (
        INSERT INTO ledger_entry (tenant_id, booked_on, reason, source_id, memo, recorded_at)
        SELECT tenant_id, booked_on, 'payment', 1, '', now() FROM ledger_entry LIMIT 1 RETURNING tenant_id, id
    )
    INSERT INTO ledger_line (tenant_id, entry_id, account, tax_category, amount)
    SELECT tenant_id, id, account, '', amount
    FROM entry, (VALUES ('bank', 100), ('suspense', -99)) AS l (account, amount)
    """
    with pytest.raises(DatabaseError, match="must add up to zero"):
        run(shop, "default", statement)
