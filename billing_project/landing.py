"""The page at the base domain, where no tenant is: what this is, and in the demo where to go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from billing_project.tenancy.lookup import active_tenants


def landing(request: HttpRequest) -> HttpResponse:
    context = {"tenants": _demo_tenants(request), "mail_is_captured": bool(settings.MAIL_CAPTURE_DIR)}
    return render(request, "home/landing.html", context)


def _demo_tenants(request: HttpRequest) -> list[dict[str, Any]]:
    """Name and address of each tenant. Only the demo tells strangers who its tenants are."""
    if not settings.DEMO:
        return []
    port = f":{request.get_port()}" if ":" in request.get_host() else ""
    return [
        {"name": tenant.name, "url": f"{request.scheme}://{tenant.slug}.{settings.BASE_DOMAIN}{port}/"}
        for tenant in active_tenants()
    ]
