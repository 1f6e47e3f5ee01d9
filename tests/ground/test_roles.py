"""The test database is what production has: the app is no owner, and the operator only reads."""

import pytest
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
