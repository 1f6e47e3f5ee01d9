"""What PostgreSQL itself says about our tables."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

from billing_project.tenancy.models import TenantModel

GLOBAL_TABLES = {
    # The list of tenants, and people who sign in
    "accounts_tenant",
    "accounts_user",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    # Django's and allauth's own
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "django_session",
    "mfa_authenticator",
    "usersessions_usersession",
}

TENANT_MODELS = sorted(
    (model for model in apps.get_models() if issubclass(model, TenantModel)), key=lambda m: m._meta.db_table
)


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def tables() -> set[str]:
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def columns_of_constraints(table: str, kind: str) -> dict[str, list[str]]:
    """Constraint name → its columns in order; `kind` p, u or f."""
    found = rows(
        """
        SELECT c.conname, array_agg(a.attname::text ORDER BY k.position)
        FROM pg_constraint c
        CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(attnum, position)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
        WHERE c.conrelid = %s::regclass AND c.contype = %s GROUP BY c.conname
        """,
        table,
        kind,
    )
    return dict(found)
