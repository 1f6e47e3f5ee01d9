"""Every stored file is what it was made; what is not, is named. Nothing of it can be taken away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from accounts.models import Tenant
from billing_project import clock
from billing_project.embedded.roles import in_database
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentFile
from invoices.rules import kept_until
from invoices.services.files import PDF, ensure_file
from tests.factories import make_customer

from .shop import OCTOBER_31, at, charge, close_and_issue, make_shop, moment


@pytest.fixture(scope="module")
def shop(database: None) -> Tenant:
    """Two documents of 1 November with their files."""
    shop = make_shop()
    with at(shop, "2026-10-31 10:00"):
        charge(make_customer(code="C1"), OCTOBER_31, 1_000)
        charge(make_customer(code="C2"), OCTOBER_31, 2_000)
    with at(shop, "2026-11-01 07:00"):
        close_and_issue(OCTOBER_31)
        for document in Document.objects.all():
            ensure_file(document)
    return shop


def verified(shop: Tenant, when: str = "2026-11-05 10:00") -> tuple[list[list[str]], bool]:
    """The fields of each line, and whether the command ended well."""
    out = StringIO()
    try:
        with clock.frozen(moment(when)):
            call_command("verify_archive", "--tenant", shop.slug, stdout=out, stderr=StringIO())
    except CommandError:
        return [line.split("\t") for line in out.getvalue().splitlines()], False
    return [line.split("\t") for line in out.getvalue().splitlines()], True


@contextmanager
def by_force(shop: Tenant, *statements: str) -> Iterator[None]:
    """What only a superuser could do, with all guards off; undone at the end."""
    url = in_database(os.environ["TEST_SUPERUSER_URL"], str(connection.settings_dict["NAME"]))
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "CREATE TEMP TABLE kept AS SELECT * FROM invoices_documentfile WHERE tenant_id = %s", [shop.pk]
        )
        try:
            for statement in statements:
                superuser.execute(statement.replace("OURS", f"tenant_id = {shop.pk}").encode())
            yield
        finally:
            superuser.execute("DELETE FROM invoices_documentfile WHERE tenant_id = %s", [shop.pk])
            superuser.execute("INSERT INTO invoices_documentfile SELECT * FROM kept")


FIRST = "document_id = (SELECT min(id) FROM invoices_document WHERE OURS)"


def test_files_as_they_were_made(shop: Tenant) -> None:
    assert verified(shop) == ([], True)


@pytest.mark.parametrize(
    ("statement", "lines"),
    [
        (
            f"UPDATE invoices_documentfile SET content = '' WHERE {FIRST} AND media_type = '{PDF}'",
            [("application/pdf", "changed")],
        ),
        (
            f"UPDATE invoices_documentfile SET content = 'x' WHERE {FIRST} AND media_type LIKE '%%xml'",
            [("application/xml", "changed")],
        ),
        (
            f"UPDATE invoices_documentfile SET size = 1 WHERE {FIRST} AND media_type = '{PDF}'",
            [(PDF, "size")],
        ),
        (
            f"DELETE FROM invoices_documentfile WHERE {FIRST}",
            [("application/pdf", "missing"), ("application/xml", "missing")],
        ),
        (
            f"DELETE FROM invoices_documentfile WHERE {FIRST} AND media_type = '{PDF}'",
            [("application/pdf", "incomplete")],
        ),
    ],
)
def test_what_is_wrong_is_named(shop: Tenant, statement: str, lines: list[tuple[str, str]]) -> None:
    with by_force(shop, statement.replace("%%", "%")):
        found, well = verified(shop)
    assert not well
    expected = [[shop.slug, "documents", "INV-2026-000001", form, problem] for form, problem in lines]
    assert found == expected
    assert verified(shop) == ([], True)


def test_a_file_of_no_document_is_named(shop: Tenant) -> None:
    with by_force(
        shop, f"UPDATE invoices_documentfile SET document_id = 0 WHERE {FIRST} AND media_type = '{PDF}'"
    ):
        found, well = verified(shop)
    assert not well
    assert [line[4] for line in found] == ["orphaned", "incomplete"]


def test_a_document_of_today_may_still_be_without_files(shop: Tenant) -> None:
    statement = f"DELETE FROM invoices_documentfile WHERE {FIRST}"
    with by_force(shop, statement):
        assert verified(shop, "2026-11-02 06:59") == ([], True)
        assert len(verified(shop, "2026-11-02 07:01")[0]) == 2


def test_an_unknown_tenant() -> None:
    with pytest.raises(CommandError):
        call_command("verify_archive", "--tenant", "no-such-shop")


# Retention


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        # A tax period that begins on 2026-11-01 ends on 2027-10-31; two months and ten years later:
        (date(2026, 11, 1), date(2038, 1, 31)),
        (date(2026, 12, 31), date(2038, 2, 28)),
        (date(2027, 1, 1), date(2038, 3, 31)),
    ],
)
def test_how_long_a_document_is_kept(issued: date, until: date) -> None:
    assert kept_until(issued) >= until


FROZEN = (
    "invoices_document",
    "invoices_documentline",
    "invoices_documenttax",
    "invoices_documentfile",
    "invoices_documentaccess",
    "audit_auditentry",
)


@pytest.mark.parametrize("table", FROZEN)
def test_the_app_can_neither_delete_nor_empty_nor_change(shop: Tenant, table: str) -> None:
    with tenant_context(shop):
        for statement in (
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"UPDATE {table} SET tenant_id = tenant_id",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(statement)


@pytest.mark.parametrize("table", FROZEN[:4])
def test_not_even_the_owner_deletes_a_document(shop: Tenant, table: str) -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"SET LOCAL app.tenant_id = '{shop.pk}'")
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(using="owner"):
            cursor.execute(f"DELETE FROM {table}")
    connections["owner"].close()


def test_each_room_brings_its_archive(shop: Tenant) -> None:
    from invoices.archive_check import _archives

    assert [archive.name for archive in _archives] == ["documents", "quotes"]
    with tenant_context(shop):
        assert DocumentFile.objects.count() == 4
