"""A form that is sent twice, by a second click or by going back, is carried out once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from billing_project.submissions.models import Submission
from billing_project.tenancy.lookup import current_tenant

FIELD = "_submission"
"""The hidden field of a form that holds its key."""
KEPT = timedelta(days=30)
"""How long a form that was carried out is known; the session in which it was opened has ended long before."""


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


def any_old(day: date) -> bool:
    """Whether `forget_old(day)` would delete any."""
    return _old(day).exists()


@transaction.atomic
def forget_old(day: date) -> int:
    """Deletes the keys of forms carried out more than `KEPT` before this day; gives their number."""
    deleted, _models = _old(day).delete()
    return deleted


def _old(day: date) -> QuerySet[Submission]:
    midnight = datetime.combine(day - KEPT, time.min, tzinfo=current_tenant().zone)
    found: QuerySet[Submission] = Submission.objects.filter(sent_at__lt=midnight)
    return found
