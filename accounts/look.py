"""The tenant's logo and colour on its pages."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.models import Branding
from accounts.selectors import branding
from billing_project.tenancy.context import in_tenant_context

_KEPT_SECONDS = 60
_STYLE = """:root, [data-theme="light"] {{ --color-primary: {colour}; }}
@media (prefers-color-scheme: dark) {{
  :root:not([data-theme="light"]) {{ --color-primary: oklch(from {colour} 78% min(c, 0.09) h); }}
}}
[data-theme="dark"] {{ --color-primary: oklch(from {colour} 78% min(c, 0.09) h); }}
"""


def look(request: HttpRequest) -> dict[str, Any]:
    """For templates: `look.version`, and whether there is a `look.logo` and a `look.colour`.

    Asked once a minute, since every page needs it.
    """
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return {}
    key = f"look:{tenant.pk}"
    found = cache.get(key)
    if found is None and in_tenant_context():
        found = _found()
        cache.set(key, found, _KEPT_SECONDS)
    return {"look": found}


def forget_look(tenant_id: int) -> None:
    """Pages show the new look from the commit on."""
    transaction.on_commit(lambda: cache.delete(f"look:{tenant_id}"))


@require_GET
def style(_request: HttpRequest, version: int) -> HttpResponse:
    colour = _version(version).colour
    if not colour:
        raise Http404
    return _kept(_STYLE.format(colour=colour).encode(), "text/css; charset=utf-8")


@require_GET
def logo(_request: HttpRequest, version: int) -> HttpResponse:
    picture = _version(version).logo
    if not picture:
        raise Http404
    return _kept(bytes(picture), "image/png")


def _found() -> dict[str, Any]:
    now = branding()
    return {"version": now.pk, "logo": bool(now.logo), "colour": bool(now.colour)} if now else {}


def _version(version: int) -> Branding:
    found: Branding | None = Branding.objects.filter(pk=version).first()
    if found is None:
        raise Http404
    return found


def _kept(content: bytes, media_type: str) -> HttpResponse:
    """A version never changes."""
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
