"""Sessions hold at the tenant where they were made, and end when nobody uses them (S15)."""

from __future__ import annotations

from datetime import date, datetime
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.selectors import policy_on
from billing_project import clock

_TENANT = "tenant_id"
_SEEN = "seen_at"
_BEFORE = "before"
_GRAIN = 15
"""Seconds: the session is not written anew more often than that."""


def bind_session(request: Any, *, before: datetime | None = None) -> None:
    """From here on the session belongs to the request's tenant and has just been used.

    `before` is when its user had signed in the time before.
    """
    if before is not None:
        request.session[_BEFORE] = before.isoformat()
    request.session[_TENANT] = request.tenant.pk
    request.session[_SEEN] = int(clock.now().timestamp())


def sign_in_before(request: Any) -> datetime | None:
    """When the user had signed in the time before: what is newer may not have been seen yet."""
    before = request.session.get(_BEFORE)
    return datetime.fromisoformat(before) if before else None


def check_session(request: Any, today: date) -> None:
    """Makes a stranger of whoever brings another tenant's session, or one that was idle for too long."""
    owner = request.session.get(_TENANT)
    if owner is None:
        bind_session(request)
    elif owner != request.tenant.pk:
        _leave_alone(request)
    elif _idle_seconds(request) >= (limit := _idle_minutes(request.tenant.pk, today)) * 60:
        _end(request, limit)
    elif _idle_seconds(request) >= _GRAIN:
        bind_session(request)


def _idle_seconds(request: Any) -> int:
    return int(clock.now().timestamp()) - int(request.session[_SEEN])


def _idle_minutes(tenant_id: int, today: date) -> int:
    """The policy's figure, asked once a minute at most: every request needs it."""
    minutes: Any = cache.get_or_set(
        f"idle_minutes:{tenant_id}", lambda: policy_on(today).session_idle_minutes, timeout=60
    )
    return int(minutes)


def _leave_alone(request: Any) -> None:
    """The session goes on at its own tenant; here it is as if it had not been sent."""
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    request.user = AnonymousUser()


def _end(request: Any, limit: int) -> None:
    request.sign_out_reason = "idle"
    logout(request)
    text = _("You were signed out because nothing happened for %(minutes)s minutes. Please sign in again.")
    messages.warning(request, text % {"minutes": limit})


def live_sessions(user: Any) -> list[UserSession]:
    """Sessions in which this user is still signed in, oldest first; the records of the others go.

    Ended, run out or signed in before the password was changed: such a session is not live.
    """
    known = list(UserSession.objects.filter(user_id=user.pk).order_by("created_at", "pk"))
    stored = Session.objects.filter(
        session_key__in=[each.session_key for each in known], expire_date__gt=clock.now()
    )
    hashes = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    live = {each.session_key for each in stored if _signs_in(each.get_decoded(), user, hashes)}
    if dead := [each.pk for each in known if each.session_key not in live]:
        UserSession.objects.filter(pk__in=dead).delete()
    return [each for each in known if each.session_key in live]


def _signs_in(data: dict[str, Any], user: Any, hashes: set[str]) -> bool:
    return data.get(SESSION_KEY) == str(user.pk) and data.get(HASH_SESSION_KEY) in hashes
