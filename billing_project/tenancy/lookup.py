"""Finding tenants: the only tenant-wide table that is read outside a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

from billing_project.tenancy.context import current_tenant_id, known_tenant

if TYPE_CHECKING:
    from accounts.models import Tenant


def _model() -> type[Tenant]:
    model: type[Tenant] = apps.get_model("accounts", "Tenant")
    return model


def tenant_by_slug(slug: str) -> Tenant | None:
    """The active tenant of that name, or None."""
    return _model().objects.filter(slug=slug, is_active=True).first()


def current_tenant() -> Tenant:
    """The tenant of the context; raises `NoTenantError` outside of one."""
    tenant_id = current_tenant_id()
    return known_tenant() or _model().objects.get(pk=tenant_id)


def active_tenant_ids() -> list[int]:
    return list(_model().objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))


def active_tenants() -> list[Tenant]:
    return list(_model().objects.filter(is_active=True).order_by("slug"))
