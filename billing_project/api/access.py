"""Who may use the API: members, by a key or by their session."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import BasePermission


class MemberAuthentication(SessionAuthentication):
    """A key in `Authorization: Bearer …`, recognised by the middleware, or the session of a signed-in member.

    Only the session needs the protection against forged forms: a browser sends no key by itself.
    """

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        asked = request._request
        if getattr(asked, "api_key_used", False):
            return (asked.user, "key") if asked.member is not None else None
        return super().authenticate(request)

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'


class IsMember(BasePermission):
    """Members of the tenant's customers, and nobody else."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return getattr(request._request, "member", None) is not None


class Pages(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200
