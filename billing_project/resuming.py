"""A form that arrives after its sender was signed out: kept in the session until he has signed in again.

It had passed the check against forgery, so it may be offered once more; it is sent by the person's own press.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

KEPT = "form_sent_signed_out"
MAX_CHARACTERS = 50_000
_NEVER_KEPT = ("csrfmiddlewaretoken", "password")


def sign_in_and_resume(request: HttpRequest) -> HttpResponseRedirect:
    """To the sign-in; afterwards to the page that offers to send the form, or back to the form's page."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values if _may_keep(name)]
    request.session[KEPT] = {
        "path": request.get_full_path(),
        "back": came_from(request) or "/",
        "fields": fields if sum(len(value) for _name, value in fields) <= MAX_CHARACTERS else [],
        "complete": not request.FILES,
    }
    return redirect_to_login(reverse("resume"))


def _may_keep(name: str) -> bool:
    return not any(word in name for word in _NEVER_KEPT)


@never_cache
def resume(request: Any) -> HttpResponse:
    """Says that the form was not carried out, and offers to send it now."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("resume"))
    kept = request.session.pop(KEPT, None)
    if kept is None:
        return HttpResponseRedirect("/")
    return render(request, "errors/resume.html", kept)


def came_from(request: HttpRequest) -> str:
    """The page of this host on which the form stood; empty when the browser does not say."""
    referer = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return ""
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
