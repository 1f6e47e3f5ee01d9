"""A member's own keys for the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.access import member_required
from accounts.forms import ApiKeyForm
from accounts.models import ApiKey
from accounts.services.api_keys import create_api_key, revoke_api_key
from billing_project.forms import refusals_on, sent


@never_cache
@member_required()
def api_keys(request: Any) -> HttpResponse:
    """The keys; a new one's text is shown in the answer that makes it, and never again."""
    form, token = ApiKeyForm(sent(request)), ""
    if form.is_valid():
        with refusals_on(form):
            _key, token = create_api_key(member=request.member, name=form.cleaned_data["name"])
            form = ApiKeyForm()
    context = {"form": form, "token": token, "keys": _own(request).order_by("-created_at")}
    return render(request, "accounts/api_keys.html", context, status=422 if form.errors else 200)


@member_required()
def revoke(request: Any, public_id: UUID) -> HttpResponse:
    key = get_object_or_404(_own(request), public_id=public_id)
    if request.method == "POST":
        revoke_api_key(key=key)
        messages.success(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("accounts:api_keys")


def _own(request: Any) -> Any:
    return ApiKey.objects.filter(member=request.member)
