"""System checks: refuse to run where the database's own rules would not hold."""

from typing import Any

from django.apps import apps
from django.core import checks
from django.db import OperationalError, connection

from billing_project.tenancy.constraints import TenantPrimaryKey, TenantReference, TenantRowSecurity
from billing_project.tenancy.fields import TenantForeignKey
from billing_project.tenancy.models import TenantModel


@checks.register(checks.Tags.database)
def app_role_is_bound_by_row_security(databases: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """The serving role must be neither superuser nor exempt from row security."""
    if not databases or "default" not in databases:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            row = cursor.fetchone()
    except OperationalError:
        return []
    if row and row[0]:
        return [
            checks.Error(
                "DATABASE_URL signs in as a role that row level security does not bind.",
                hint="Use the role shimebi_app; `manage.py prepare_database` makes it.",
                id="tenancy.E001",
            )
        ]
    return []


@checks.register(checks.Tags.models)
def tenant_tables_have_walls(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Every tenant model has its composite key, row security, and a composite key per reference."""
    problems: list[checks.CheckMessage] = []
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            problems += [
                checks.Error(f"{model._meta.label}: {missing}", id="tenancy.E002")
                for missing in _missing(model)
            ]
    return problems


def _missing(model: type[TenantModel]) -> list[str]:
    constraints = model._meta.constraints
    kinds = {type(constraint) for constraint in constraints}
    missing = [f"no {kind.__name__}" for kind in (TenantPrimaryKey, TenantRowSecurity) if kind not in kinds]
    referenced = {c.field for c in constraints if isinstance(c, TenantReference)}
    fields = {f.name for f in model._meta.local_fields if isinstance(f, TenantForeignKey)}
    return missing + [f"no TenantReference for {name}" for name in sorted(fields - referenced)]
