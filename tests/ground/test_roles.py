"""The test database is what production has: the app is no owner, and the operator only reads."""

import os

import pytest
from django.conf import settings
from django.db import connections
from django.db.utils import InternalError, ProgrammingError


@pytest.mark.parametrize("alias", ["default", "owner", "operator"])
def test_roles_have_no_power_over_row_security(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)


def test_each_alias_is_its_role() -> None:
    assert [connections[alias].settings_dict["USER"] for alias in ("default", "owner", "operator")] == [
        "shimebi_app",
        "shimebi_owner",
        "shimebi_operator",
    ]


@pytest.mark.parametrize("alias", ["default", "operator"])
def test_only_the_owner_makes_tables(alias: str) -> None:
    with connections[alias].cursor() as cursor, pytest.raises((ProgrammingError, InternalError)):
        cursor.execute("CREATE TABLE mine (id int)")


def test_the_operator_cannot_write() -> None:
    with connections["operator"].cursor() as cursor, pytest.raises((ProgrammingError, InternalError)):
        cursor.execute("DELETE FROM django_session")


def test_this_process_has_a_database_of_its_own() -> None:
    """Settings read too early would name the database of another process."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert f"/{cursor.fetchone()[0]}?" in os.environ["DATABASE_URL"]
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
