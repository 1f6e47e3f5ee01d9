"""The mail that invites a member: a link to set the first password, or to sign in."""

from __future__ import annotations

from accounts.models import Member
from accounts.selectors import language_of
from accounts.services.invitations import needs_password, token_for, valid_hours
from billing_project.outbox.builders import Letter, register
from billing_project.outbox.letters import site_url, write_letter
from billing_project.outbox.models import Mail

MEMBER_INVITED = "member_invited"


def member_invited(mail: Mail) -> Letter:
    member = Member.objects.select_related("customer", "user").get(pk=mail.reference)
    new = needs_password(member)
    return write_letter(
        MEMBER_INVITED,
        recipient=member.user.email,
        language=language_of(member),
        company=member.customer.name,
        name=member.name,
        link=site_url(f"/invitation/{token_for(member)}/") if new else site_url(),
        new=new,
        hours=valid_hours(),
    )


def register_mails() -> None:
    register(MEMBER_INVITED, member_invited)
