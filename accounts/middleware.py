"""Who is asking, at this tenant: `request.member`, `request.operator`, and the actor of the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.selectors import member_of, operator_of
from billing_project.audit.models import ActorKind
from billing_project.audit.services import SYSTEM, Actor, acting_as


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: Any = request
        asked.member = asked.operator = None
        if asked.tenant is None or not asked.user.is_authenticated:
            return self.get_response(request)
        asked.member = member_of(asked.user)
        asked.operator = operator_of(asked.user)
        with acting_as(_actor(asked)):
            return self.get_response(request)


def _actor(request: Any) -> Actor:
    kind = ActorKind.OPERATOR if request.operator else ActorKind.MEMBER
    if request.operator is None and request.member is None:
        return SYSTEM
    return Actor(kind, request.user.email, request.user.pk, request.META.get("REMOTE_ADDR"))
