"""What members say about themselves: name, language, mails they do without."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.outbox.builders import optional_mails


@transaction.atomic
def change_profile(*, member: Member, name: str, language: str, unwanted_mails: Collection[str]) -> None:
    """`language` empty: the company's. Only reminders can be left out; documents and orders are always told.

    Raises Refusal `invalid_input` without a name, or for a language or mail that cannot be chosen.
    """
    known = language in ("", *dict(settings.LANGUAGES)) and set(unwanted_mails) <= set(optional_mails())
    if not name.strip() or len(name) > 100 or "\0" in name or not known:
        raise Refusal(
            Code.INVALID_INPUT, _("Give a name of up to 100 characters, and choose from the lists.")
        )
    locked = Member.objects.select_for_update().get(pk=member.pk)
    locked.name, locked.language = name.strip(), language
    locked.unwanted_mails = sorted(unwanted_mails)
    locked.save(update_fields=["name", "language", "unwanted_mails"])
    record("profile_changed", locked, language=language, unwanted=locked.unwanted_mails)
    member.name, member.language, member.unwanted_mails = locked.name, language, locked.unwanted_mails
