"""Who stands in the audit log for a request."""

from __future__ import annotations

from typing import Any

from accounts.models import Member, Operator, User
from billing_project.audit.models import ActorKind
from billing_project.audit.services import SYSTEM, Actor


def actor_of(request: Any, user: User, member: Member | None, operator: Operator | None) -> Actor:
    if request.viewing is not None:
        return Actor(ActorKind.OPERATOR, request.viewing.label[:254], user.pk, address_of(request))
    if operator is None and member is None:
        return SYSTEM
    if operator is not None:
        kind = ActorKind.OPERATOR
    else:
        kind = ActorKind.KEY if request.api_key_used else ActorKind.MEMBER
    return Actor(kind, user.email, user.pk, address_of(request))


def stranger(request: Any, label: str) -> Actor:
    """Somebody who is not, or no longer, signed in."""
    return Actor(ActorKind.SYSTEM, label[:254], None, address_of(request))


def address_of(request: Any) -> str | None:
    """The IP address from which the request came."""
    return request.META.get("REMOTE_ADDR") or None
