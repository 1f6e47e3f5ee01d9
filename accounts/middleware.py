"""Who is asking, at this tenant: `request.member`, `request.operator`, `request.rights`, the audit's actor.

Days and moments of the request are those of the tenant's zone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.actors import actor_of
from accounts.rules import rights_of
from accounts.selectors import member_of, operator_of
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
        asked.rights = frozenset()
        if asked.tenant is None:
            return self.get_response(request)
        with timezone.override(asked.tenant.zone):
            if not asked.user.is_authenticated:
                return self.get_response(request)
            with _context(asked.tenant):
                _recognise(asked)
            with acting_as(actor_of(asked, asked.user, asked.member, asked.operator)):
                return self.get_response(request)


def _recognise(request: Any) -> None:
    check_session(request, clock.today(request.tenant.zone))
    if not request.user.is_authenticated:
        return
    request.member = member_of(request.user)
    request.operator = operator_of(request.user)
    if request.member is not None:
        request.rights = rights_of(request.member.roles)


def _context(tenant: Any) -> AbstractContextManager[None]:
    """A view that opens its own context has none yet; what is asked here needs one."""
    return nullcontext() if in_tenant_context() else tenant_context(tenant)
