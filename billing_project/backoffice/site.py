"""The operators' admin: one site, entered as an operator of the tenant that the host names."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from billing_project.tenancy.models import TenantModel


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

    def has_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "operator", None) is not None

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Sign-in is the product's own; who is signed in and no operator is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            return render(request, "errors/no_access.html", status=403)
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_logout"))
