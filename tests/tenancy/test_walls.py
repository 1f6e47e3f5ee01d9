"""The walls between tenants, read from PostgreSQL's own catalogue: nobody's word is taken for them."""

from typing import ClassVar

import pytest
from django.conf import settings
from django.db import models

from billing_project.tenancy.models import TenantModel
from tests.tenancy.catalog import GLOBAL_TABLES, TENANT_MODELS, columns_of_constraints, rows, tables

# The design's policy, in the form in which PostgreSQL hands it back.
AS_STORED = "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::bigint)"

by_table = pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.db_table)


def test_every_table_is_a_tenants_or_known_to_be_global() -> None:
    """A table added without its policy fails here."""
    ours = {model._meta.db_table for model in TENANT_MODELS}
    assert tables() - ours == GLOBAL_TABLES


def test_a_table_without_walls_is_found() -> None:
    """The system check that stops `manage.py` names what a careless model lacks."""
    from billing_project.tenancy.checks import _missing

    class Careless(TenantModel):
        class Meta(TenantModel.Meta):
            app_label = "tests"
            constraints: ClassVar[list[models.BaseConstraint]] = []

    assert _missing(Careless) == ["no TenantPrimaryKey", "no TenantRowSecurity"]


@by_table
def test_row_security_is_forced(model: type[TenantModel]) -> None:
    assert rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
        model._meta.db_table,
    ) == [(True, True)]


@by_table
def test_the_app_sees_by_one_policy_only(model: type[TenantModel]) -> None:
    """One policy for everybody, for reading and writing; the platform's role may read, and no other."""
    policies = rows(
        "SELECT policyname, cmd, roles::text[], qual, with_check FROM pg_policies"
        " WHERE tablename = %s ORDER BY policyname",
        model._meta.db_table,
    )
    operator = settings.DATABASE_ROLES["operator"]
    assert [row[:3] for row in policies] == [
        ("platform_reads", "SELECT", [operator]),
        ("tenant_isolation", "ALL", ["public"]),
    ]
    _name, _cmd, _roles, using, check = policies[1]
    assert using == check
    assert using == AS_STORED


@by_table
def test_the_key_begins_with_the_tenant(model: type[TenantModel]) -> None:
    assert list(columns_of_constraints(model._meta.db_table, "p").values()) == [["tenant_id", "id"]]


@by_table
def test_unique_constraints_begin_with_the_tenant(model: type[TenantModel]) -> None:
    for name, columns in columns_of_constraints(model._meta.db_table, "u").items():
        assert columns[0] == "tenant_id", name


@by_table
def test_references_stay_inside_the_tenant(model: type[TenantModel]) -> None:
    references = columns_of_constraints(model._meta.db_table, "f")
    assert references, "it leads neither to a tenant table nor to the tenant"
    for name, columns in references.items():
        assert columns[0] == "tenant_id", name


@by_table
def test_the_app_cannot_delete_or_change_more_than_the_model_says(model: type[TenantModel]) -> None:
    from billing_project.tenancy.constraints import ALL_COLUMNS, TenantRowSecurity

    wall = next(c for c in model._meta.constraints if isinstance(c, TenantRowSecurity))
    table = model._meta.db_table
    (deletes, truncates) = rows(
        "SELECT has_table_privilege(%s, 'DELETE'), has_table_privilege(%s, 'TRUNCATE')", table, table
    )[0]
    assert (deletes, truncates) == (wall.delete, False)
    changeable = {
        column.column
        for column in model._meta.local_fields
        if rows("SELECT has_column_privilege(%s, %s, 'UPDATE')", table, column.column)[0][0]
    }
    named = wall.update if wall.update != ALL_COLUMNS else [f.name for f in model._meta.local_fields]
    assert changeable == {field.column for field in model._meta.local_fields if field.name in named}


def test_the_app_role_is_no_superuser_and_owns_nothing() -> None:
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False, False)]
    assert rows("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == [(0,)]
