"""Secret addresses of calendars: made, used, revoked."""

from __future__ import annotations

import secrets

from django.db import transaction

from accounts.models import CalendarLink, Member
from accounts.services.api_keys import digest_of
from billing_project import clock
from billing_project.audit.services import record
from billing_project.tenancy.lookup import current_tenant


@transaction.atomic
def make_calendar_link(*, member: Member) -> str:
    """The token of a new address, which is never shown again; the one before ends."""
    Member.objects.select_for_update().get(pk=member.pk)
    _end(member)
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.create(member=member, sha256=digest_of(token), created_at=clock.now())
    record("calendar_link_made", member)
    return token


@transaction.atomic
def revoke_calendar_link(*, member: Member) -> None:
    """The address shows nothing any more; revoked again, nothing happens."""
    if _end(member):
        record("calendar_link_revoked", member)


def calendar_link_of(member: Member) -> CalendarLink | None:
    found: CalendarLink | None = CalendarLink.objects.filter(member=member, revoked_at=None).first()
    return found


def member_of_calendar(token: str) -> Member | None:
    """The active member whose calendar this is; notes the day of use."""
    links = CalendarLink.objects.filter(
        sha256=digest_of(token), revoked_at=None, member__is_active=True, member__customer__is_active=True
    )
    link = links.select_related("member__customer").first()
    if link is None:
        return None
    today = clock.today(current_tenant().zone)
    if link.last_used_on != today:
        link.last_used_on = today
        link.save(update_fields=["last_used_on"])
    member: Member = link.member
    return member


def _end(member: Member) -> int:
    open_links = CalendarLink.objects.filter(member=member, revoked_at=None)
    return int(open_links.update(revoked_at=clock.now()))
