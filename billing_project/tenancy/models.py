"""The base of every tenant table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from billing_project.tenancy.context import current_tenant_id

_Row = TypeVar("_Row", bound="TenantModel")


class TenantQuerySet(models.QuerySet[_Row]):
    def bulk_create(self, objs: Iterable[_Row], *args: Any, **kwargs: Any) -> list[_Row]:
        rows = list(objs)
        for row in rows:
            row.own()
        return super().bulk_create(rows, *args, **kwargs)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Gives the current tenant's rows; outside a tenant it raises before any SQL."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(tenant_id=current_tenant_id())


class TenantModel(models.Model):
    """A row of one tenant. `Meta.constraints` of each model begins with `tenant_constraints(…)`."""

    tenant = models.ForeignKey(
        "accounts.Tenant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        editable=False,
    )

    objects: models.Manager[Any] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.own()
        super().save(*args, **kwargs)

    def own(self) -> None:
        if not self.tenant_id:
            self.tenant_id = current_tenant_id()

    def _do_update(self, base_qs: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._do_update(base_qs.filter(tenant_id=self.tenant_id), *args, **kwargs)


class PublicIdModel(models.Model):
    """What the outside sees instead of `id`."""

    public_id = models.UUIDField(db_default=RandomUUID(), editable=False)

    class Meta:
        abstract = True


def unique_public_id(label: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["tenant", "public_id"], name=f"{label}_public_id")
