"""The tenant's walls as constraints of the model, so that migrations build them in the database.

Composite primary key, composite foreign keys, row level security and privileges of the app role.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POLICY = "tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint"
ALL_COLUMNS = ("*",)


class _SqlConstraint(models.BaseConstraint):
    """Constraint made of SQL statements of its own, run after the table exists."""

    def statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[str]:
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]
        self.defer(self.statements(model, schema_editor), schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        self.constraint_sql(model, schema_editor)
        # Django may put what comes back beside its deferred SQL, so it must be SQL.
        return "-- built at the end of the migration"

    def defer(self, statements: list[str], editor: Any) -> None:
        # The table a key leads to may get its own key later in the same migration.
        editor.deferred_sql.extend(statements)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database judges; there is nothing to ask beforehand."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__


class TenantPrimaryKey(_SqlConstraint):
    """The database's primary key is (tenant_id, id); Django goes on with `id`."""

    def defer(self, statements: list[str], editor: Any) -> None:
        # Before all else that is deferred: references of the same migration lead to this key.
        editor.deferred_sql[:0] = statements

    def statements(self, model: Any, editor: Any) -> list[str]:
        table, key = _table(model, editor), editor.quote_name(f"{model._meta.db_table}_pkey")
        return [
            f"ALTER TABLE {table} DROP CONSTRAINT {key}",
            f"ALTER TABLE {table} ADD CONSTRAINT {key} PRIMARY KEY (tenant_id, id)",
        ]

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = _table(model, schema_editor)
        key = schema_editor.quote_name(f"{model._meta.db_table}_pkey")
        return f"ALTER TABLE {table} DROP CONSTRAINT {key}, ADD CONSTRAINT {key} PRIMARY KEY (id)"


class TenantReference(_SqlConstraint):
    """Composite foreign key (tenant_id, field) → (tenant_id, id), not deferrable."""

    def __init__(self, *, field: str, to: str, name: str) -> None:
        self.field, self.to = field, to
        super().__init__(name=name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field, "to": self.to}

    def statements(self, model: Any, editor: Any) -> list[str]:
        target = _table(model._meta.apps.get_model(self.to), editor)
        column = editor.quote_name(model._meta.get_field(self.field).column)
        return [
            f"ALTER TABLE {_table(model, editor)} ADD CONSTRAINT {editor.quote_name(self.name)} "
            f"FOREIGN KEY (tenant_id, {column}) REFERENCES {target} (tenant_id, id)"
        ]

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        return _drop(self, model, schema_editor)


class TenantRoot(_SqlConstraint):
    """Foreign key to the tenant itself, for tables that lead to no other tenant table."""

    def statements(self, model: Any, editor: Any) -> list[str]:
        return [
            f"ALTER TABLE {_table(model, editor)} ADD CONSTRAINT {editor.quote_name(self.name)} "
            f"FOREIGN KEY (tenant_id) REFERENCES accounts_tenant (id)"
        ]

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        return _drop(self, model, schema_editor)


class TenantRowSecurity(_SqlConstraint):
    """Row level security, and exactly the privileges that the app role needs.

    `update`: columns that may change after INSERT (("*",) for all, () for a frozen table).
    """

    def __init__(self, *, name: str, update: Sequence[str] = ALL_COLUMNS, delete: bool = False) -> None:
        self.update, self.delete = tuple(update), delete
        super().__init__(name=name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "update": self.update, "delete": self.delete}

    def statements(self, model: Any, editor: Any) -> list[str]:
        table = _table(model, editor)
        app, operator = (editor.quote_name(settings.DATABASE_ROLES[key]) for key in ("app", "operator"))
        return [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant_isolation ON {table} USING ({POLICY}) WITH CHECK ({POLICY})",
            f"CREATE POLICY platform_reads ON {table} FOR SELECT TO {operator} USING (true)",
            *self._privileges(model, editor, table, app),
            f"GRANT SELECT ON {table} TO {operator}",
        ]

    def _privileges(self, model: Any, editor: Any, table: str, app: str) -> list[str]:
        grants = [f"REVOKE ALL ON {table} FROM {app}", f"GRANT SELECT, INSERT ON {table} TO {app}"]
        if self.update == ALL_COLUMNS:
            grants.append(f"GRANT UPDATE ON {table} TO {app}")
        elif self.update:
            columns = ", ".join(
                editor.quote_name(model._meta.get_field(field).column) for field in self.update
            )
            grants.append(f"GRANT UPDATE ({columns}) ON {table} TO {app}")
        if self.delete:
            grants.append(f"GRANT DELETE ON {table} TO {app}")
        return grants

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = _table(model, schema_editor)
        return (
            f"DROP POLICY tenant_isolation ON {table}; DROP POLICY platform_reads ON {table}; "
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        )


def tenant_constraints(
    label: str,
    *,
    references: Mapping[str, str] | None = None,
    update: Sequence[str] = ALL_COLUMNS,
    delete: bool = False,
) -> list[models.BaseConstraint]:
    """What every tenant table has: key, references {field: "app.Model"}, row security, privileges."""
    walls: list[models.BaseConstraint] = [TenantPrimaryKey(name=f"{label}_tpk")]
    for field, to in (references or {}).items():
        walls.append(TenantReference(field=field, to=to, name=f"{label}_{field}_tfk"))
    if not references:
        walls.append(TenantRoot(name=f"{label}_root"))
    walls.append(TenantRowSecurity(name=f"{label}_rls", update=update, delete=delete))
    return walls


def _drop(constraint: models.BaseConstraint, model: Any, editor: Any) -> str:
    return f"ALTER TABLE {_table(model, editor)} DROP CONSTRAINT {editor.quote_name(constraint.name)}"


def _table(model: Any, editor: Any) -> str:
    return str(editor.quote_name(model._meta.db_table))
