"""Who may open a page: decorators for views of the control panel and of operators."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Member
from accounts.rules import Right, may
from billing_project.errors import Code, Refusal
from billing_project.resuming import sign_in_and_resume

View = Callable[..., HttpResponseBase]


def member_required(right: Right | None = None) -> Callable[[View], View]:
    """The view is for signed-in members of the tenant's customers who have the right.

    Who is not signed in is sent to sign in; who is no member here sees where to turn (403).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if request.member is None:
                return _no_access(request)
            if right is not None:
                require(request.member, right)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def require(member: Member, right: Right) -> None:
    """Raises Refusal `not_permitted` unless the member has the right."""
    if not may(member.roles, right):
        raise Refusal(Code.NOT_PERMITTED)


def _to_sign_in(request: Any) -> HttpResponseBase:
    """And back to this page afterwards; a part of a page that htmx asked for sends the whole page there."""
    if request.htmx:
        answer = redirect_to_login(request.htmx.current_url_abs_path or "/")
        return HttpResponseClientRedirect(answer.url)
    if request.method == "POST":
        return sign_in_and_resume(request)
    return redirect_to_login(request.get_full_path())


def _no_access(request: HttpRequest) -> HttpResponseBase:
    return render(request, "errors/no_access.html", status=403)
