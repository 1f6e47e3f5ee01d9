"""A form that is sent twice, by a second click or by going back, is carried out once."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from billing_project.submissions.models import Submission

FIELD = "_submission"
"""The hidden field of a form that holds its key."""


def key_in(text: str) -> UUID | None:
    """The key that was sent; None for a form without one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def is_first(key: UUID) -> bool:
    """Whether the form has not been carried out yet.

    Asked in the transaction of what the form does: whoever comes second waits until the first has ended, and
    is the first if that was undone.
    """
    try:
        with transaction.atomic():
            Submission.objects.create(key=key)
    except IntegrityError:
        return False
    return True
