"""The operators' admin: one site, entered as an operator of the tenant that the host names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from unfold.sites import UnfoldAdminSite

from billing_project.backoffice.inbox_page import inbox
from billing_project.backoffice.search import Words, found
from billing_project.backoffice.sidebar import sidebar
from billing_project.resuming import sign_in_and_resume
from billing_project.tenancy.models import TenantModel

NOT_SERVED = {"view_on_site", "password_change_done"}
# Alpine.js makes functions of attributes and sets style attributes; nothing comes from another server.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)


class OperatorSite(UnfoldAdminSite):
    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes tenant models only: tables that all tenants share are nobody's to look through."""
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        for model in models:
            if issubclass(model, TenantModel):
                super().register(model, admin_class, **options)

    def unregister(self, model_or_iterable: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        for model in models:
            if self.is_registered(model):
                super().unregister(model)

    def get_app_list(self, request: Any, app_label: str | None = None) -> list[Any]:
        """None: the sidebar has an order of its own, and this takes milliseconds on every page."""
        return []

    def get_sidebar_list(self, request: HttpRequest) -> Any:
        """The navigation as HTML: to go through unfold's templates for every entry took milliseconds."""
        return sidebar(request.path)

    def has_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "operator", None) is not None

    def get_urls(self) -> list[Any]:
        """Without the pages that look into tables of all tenants or that sign-in has of its own."""
        served: list[Any] = super().get_urls()
        kept = [each for each in served if not (isinstance(each, URLPattern) and each.name in NOT_SERVED)]
        return [path("inbox/", self.admin_view(inbox), name="inbox"), *kept]

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Any:
        """Every page under its Content-Security-Policy."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not request.user.is_authenticated:
                return sign_in_and_resume(request)
            response = inner(request, *args, **kwargs)
            response.headers.setdefault("Content-Security-Policy", POLICY)
            return response

        guarded.admin_site = self  # type: ignore[attr-defined]
        return guarded

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Sign-in is the product's own; who is signed in and no operator is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            return render(request, "errors/no_access.html", {"for_operators": True}, status=403)
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))

    def app_index(self, request: Any, app_label: str, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:index"))

    def catch_all_view(self, request: HttpRequest, url: str) -> HttpResponse:
        raise Http404

    def search(self, request: Any, extra_context: Any = None) -> HttpResponse:
        """What the words find. Nothing is cached: users may have two tenants."""
        words = Words(request.GET.get("s", "").strip())
        if not words:
            return HttpResponse()
        results = found(words)
        page = Paginator(results, max(len(results), 1)).page(1)
        return render(request, "unfold/helpers/search_results.html", {"results": page})
