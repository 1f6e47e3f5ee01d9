"""Keys for the API: made, used, revoked."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, Member
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant

PREFIX = "shk_"
MOST = 10
_HINT = 10


@transaction.atomic
def create_api_key(*, member: Member, name: str) -> tuple[ApiKey, str]:
    """A new key of the member, and its text, which is never shown again.

    Raises Refusal `invalid_input` without a name, or when the member has `MOST` keys already.
    """
    if not name.strip() or len(name) > 60:
        raise Refusal(Code.INVALID_INPUT, _("Give the key a name of up to 60 characters."))
    Member.objects.select_for_update().get(pk=member.pk)
    if ApiKey.objects.filter(member=member, revoked_at=None).count() >= MOST:
        raise Refusal(
            Code.INVALID_INPUT, _("There are %(most)s keys already. Revoke one you no longer use."), most=MOST
        )
    token = PREFIX + secrets.token_urlsafe(32)
    key: ApiKey = ApiKey.objects.create(
        member=member, name=name.strip(), hint=token[:_HINT], sha256=digest_of(token), created_at=clock.now()
    )
    record("api_key_created", key, name=key.name, member=member.name)
    return key, token


@transaction.atomic
def revoke_api_key(*, key: ApiKey) -> None:
    """It opens nothing any more; revoked again, nothing happens."""
    locked = ApiKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is None:
        locked.revoked_at = clock.now()
        locked.save(update_fields=["revoked_at"])
        record("api_key_revoked", locked, name=locked.name)


def member_of_key(token: str) -> Member | None:
    """The active member whose key this is; notes the day of use."""
    keys = ApiKey.objects.filter(
        sha256=digest_of(token), revoked_at=None, member__is_active=True, member__customer__is_active=True
    )
    key = keys.select_related("member__customer", "member__user").first()
    if key is None:
        return None
    today = clock.today(current_tenant().zone)
    if key.last_used_on != today:
        key.last_used_on = today
        key.save(update_fields=["last_used_on"])
    member: Member = key.member
    return member


def digest_of(token: str) -> str:
    """A token is random and long, so that a plain hash tells nothing about it."""
    return hashlib.sha256(token.encode()).hexdigest()
