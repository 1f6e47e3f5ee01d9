"""Who is asking, at this tenant: `request.member`, `request.operator`, `request.rights`, the audit's actor.

Days and moments of the request are those of the tenant's zone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import viewing
from accounts.actors import actor_of
from accounts.rules import rights_of
from accounts.selectors import who_is
from accounts.services.api_keys import member_of_key
from accounts.sessions import check_session
from billing_project import clock
from billing_project.audit.services import acting_as
from billing_project.tenancy.context import in_tenant_context, tenant_context


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: Any = request
        asked.member = asked.operator = None
        asked.api_key_used = False
        asked.viewing = None
        asked.rights = frozenset()
        if asked.tenant is None:
            return self.get_response(request)
        with timezone.override(asked.tenant.zone):
            token = _key_in(asked)
            if not token and not asked.user.is_authenticated:
                return self.get_response(request)
            with _context(asked.tenant):
                if token:
                    _recognise_key(asked, token)
                    answer = None
                else:
                    answer = _recognise(asked)
            with acting_as(actor_of(asked, asked.user, asked.member, asked.operator)):
                return answer or self.get_response(request)


def _recognise(request: Any) -> HttpResponse | None:
    """What it gives is the answer: an operator who looks as a member may not do everything."""
    check_session(request, clock.today(request.tenant.zone))
    if not request.user.is_authenticated:
        return None
    request.member, request.operator = who_is(
        request.user, rather_operator=request.path.startswith("/admin/")
    )
    answer = _look_as_a_member(request) if viewing.is_viewing(request) else None
    if request.member is not None:
        request.rights = rights_of(request.member.roles)
    return answer


def _look_as_a_member(request: Any) -> HttpResponse | None:
    with acting_as(actor_of(request, request.user, None, request.operator)):
        return viewing.enter(request) or viewing.refusal(request)


def _key_in(request: Any) -> str:
    """The API key that was sent, which counts for the API alone."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and request.path.startswith("/api/") else ""


def _recognise_key(request: Any, token: str) -> None:
    """A key stands alone: a session that is sent with it counts for nothing."""
    request.api_key_used = True
    request.member = member_of_key(token)
    request.user = request.member.user if request.member else AnonymousUser()
    if request.member is not None:
        request.rights = rights_of(request.member.roles)


def _context(tenant: Any) -> AbstractContextManager[None]:
    """A view that opens its own context has none yet; what is asked here needs one."""
    return nullcontext() if in_tenant_context() else tenant_context(tenant)
