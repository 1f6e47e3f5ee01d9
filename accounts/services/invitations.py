"""Links for a member's first sign-in instead of an initial password (S2): valid for some hours, and once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import Member, User
from accounts.selectors import policy_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant

_HOURS = 72
_SALT = "accounts.invitation"


def needs_password(member: Member) -> bool:
    return not member.user.has_usable_password()


def valid_hours() -> int:
    return policy_on(clock.today(current_tenant().zone)).first_sign_in_hours or _HOURS


def token_for(member: Member) -> str:
    """Ends by itself after `valid_hours`, and with the first password that is set."""
    until = clock.now() + timedelta(hours=valid_hours())
    content = {"member": member.pk, "until": until.isoformat(), "stamp": _stamp(member.user)}
    return signing.dumps(content, salt=_SALT)


def invited_member(token: str) -> Member:
    """Raises Refusal `link_expired` when it was used or is too old, `invalid_input` when it is not ours."""
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise Refusal(Code.INVALID_INPUT) from error
    member: Member | None = (
        Member.objects.filter(pk=content["member"], is_active=True).select_related("user", "customer").first()
    )
    if member is None:
        raise Refusal(Code.INVALID_INPUT)
    fresh = clock.now() < datetime.fromisoformat(content["until"])
    if not fresh or content["stamp"] != _stamp(member.user):
        raise Refusal(Code.LINK_EXPIRED)
    return member


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> Member:
    """Sets the first password. The mailed link has proved the mail address. Raises as `invited_member`."""
    user = User.objects.select_for_update().get(pk=invited_member(token).user_id)
    member = invited_member(token)
    user.set_password(password)
    user.save(update_fields=["password"])
    User.objects.confirm_mail_address(user)
    record("invitation_accepted", member)
    return member


def _stamp(user: User) -> str:
    return salted_hmac(_SALT, f"{user.pk}:{user.password}").hexdigest()[:20]
