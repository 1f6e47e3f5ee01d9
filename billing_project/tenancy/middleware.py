"""The host names the tenant; the request runs in that tenant's transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import tenant_by_slug

PLATFORM_URLS = "billing_project.platform_urls"
_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])


def opens_own_context(view: _View) -> _View:
    """Mark a view that calls the outside or streams: it enters `tenant_context` itself, piece by piece."""
    view.opens_own_context = True  # type: ignore[attr-defined]
    return view


def tenant_slug(host: str) -> str | None:
    """`alpha` for alpha.<base domain>; None for the base domain itself and for foreign hosts."""
    name = host.rsplit(":", 1)[0].lower().rstrip(".")
    suffix = f".{settings.BASE_DOMAIN}"
    if not name.endswith(suffix):
        return None
    slug = name.removesuffix(suffix)
    return slug if slug and "." not in slug else None


class TenantMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        slug = tenant_slug(request.get_host())
        request.tenant = None  # type: ignore[attr-defined]
        if slug is None:
            request.urlconf = PLATFORM_URLS
            return self.get_response(request)
        tenant = tenant_by_slug(slug)
        if tenant is None:
            return render(request, "errors/no_tenant.html", {"slug": slug}, status=404)
        request.tenant = tenant  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(tenant=tenant.pk)  # until the request's last line is logged
        if _opens_own_context(request):
            return self.get_response(request)
        with tenant_context(tenant):
            return self.get_response(request)


def _opens_own_context(request: HttpRequest) -> bool:
    try:
        view: Any = resolve(request.path_info).func
    except (Resolver404, Http404):
        return False
    return bool(getattr(view, "opens_own_context", False))
