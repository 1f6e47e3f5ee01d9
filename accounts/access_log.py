"""Sign-ins, sign-outs, failures and changes of credentials, written into the tenant's audit log (X7)."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals

from accounts.actors import actor_of, stranger
from accounts.models import User
from accounts.selectors import last_sign_in, member_of, operator_of
from accounts.sessions import bind_session
from billing_project.audit.services import acting_as, record
from billing_project.tenancy.context import in_tenant_context, tenant_context


def connect() -> None:
    """Called once, when the app is ready."""
    auth_signals.user_logged_in.connect(_signed_in, dispatch_uid="access.in")
    auth_signals.user_logged_out.connect(_signed_out, dispatch_uid="access.out")
    auth_signals.user_login_failed.connect(_failed, dispatch_uid="access.failed")
    mfa_signals.authentication_failed.connect(_second_factor_failed, dispatch_uid="access.second")
    account_signals.password_changed.connect(_noted("password_changed"), weak=False)
    account_signals.password_set.connect(_noted("password_set"), weak=False)
    account_signals.password_reset.connect(_noted("password_reset"), weak=False)
    account_signals.email_changed.connect(_noted("mail_address_changed"), weak=False)
    mfa_signals.authenticator_added.connect(_noted("second_factor_added"), weak=False)
    mfa_signals.authenticator_removed.connect(_noted("second_factor_removed"), weak=False)
    mfa_signals.authenticator_reset.connect(_noted("second_factor_reset"), weak=False)


def _signed_in(request: Any, user: User, **_signal: Any) -> None:
    if _at_a_tenant(request):
        bind_session(request, before=last_sign_in(user))
        methods = [str(each.get("method", "")) for each in get_authentication_records(request, user)]
        _write("signed_in", request, user, methods=methods)


def _signed_out(request: Any, user: User | None, **_signal: Any) -> None:
    if user is not None and _at_a_tenant(request):
        _write("signed_out", request, user, reason=getattr(request, "sign_out_reason", "asked"))


def _failed(credentials: dict[str, Any], request: Any = None, **_signal: Any) -> None:
    if _at_a_tenant(request):
        given = str(credentials.get("email") or credentials.get("username") or "")[:254]
        with acting_as(stranger(request, given)):
            record("sign_in_failed", email=given)


def _second_factor_failed(request: Any, user: User, **_signal: Any) -> None:
    if _at_a_tenant(request):
        with acting_as(stranger(request, user.email)):
            record("second_factor_failed", user)


def _noted(action: str) -> Any:
    def note(request: Any, user: User, **signal: Any) -> None:
        if _at_a_tenant(request):
            factor = signal.get("authenticator")
            # Some are told after the commit, where no transaction knows the tenant any more.
            with tenant_context(request.tenant):
                _write(action, request, user, **({"kind": factor.type} if factor else {}))

    return note


def _at_a_tenant(request: Any) -> bool:
    return getattr(request, "tenant", None) is not None and in_tenant_context()


def _write(action: str, request: Any, user: User, **data: Any) -> None:
    with acting_as(actor_of(request, user, member_of(user), operator_of(user))):
        record(action, user, **data)
