"""A foreign key that never leaves its tenant."""

from typing import Any

from django.db import models
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """Foreign key between tenant tables: joins carry the tenant.

    The database constraint is the composite one of `tenant_constraints(references=…)`, not Django's.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("on_delete", models.PROTECT)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_constraint"]
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str, related_alias: str) -> WhereNode | None:
        if not alias or not related_alias:
            return None
        remote = _tenant_column(self.remote_field.model, alias)
        local = _tenant_column(self.model, related_alias)
        where = WhereNode()
        where.add(Exact(local, remote), "AND")
        return where

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        return {"tenant_id": instance.tenant_id}  # type: ignore[attr-defined]


def _tenant_column(model: type[models.Model], alias: str) -> Any:
    field: Any = model._meta.get_field("tenant")
    return field.get_col(alias)
