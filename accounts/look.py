"""What pages know of the tenant's logo and colour."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from accounts.selectors import branding
from billing_project.tenancy.context import in_tenant_context

_KEPT_SECONDS = 60


def look(request: HttpRequest) -> dict[str, Any]:
    """For templates: `look.version`, and whether there is a `look.logo` and a `look.colour`.

    Asked once a minute, since every page needs it; and once by a page, which has several templates.
    """
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return {}
    seen: Any = request
    if getattr(seen, "look", None) is None:
        seen.look = _kept(tenant.pk)
    return {"look": seen.look}


def forget_look(tenant_id: int) -> None:
    """Pages show the new look from the commit on."""
    transaction.on_commit(lambda: cache.delete(f"look:{tenant_id}"))


def _kept(tenant_id: int) -> dict[str, Any] | None:
    key = f"look:{tenant_id}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None and in_tenant_context():
        found = _found()
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _found() -> dict[str, Any]:
    now = branding()
    return {"version": now.pk, "logo": bool(now.logo), "colour": bool(now.colour)} if now else {}
