"""Mail: asked for in the transaction of the act, sent after its commit, each occasion once.

Each attempt is counted → commit → written, which may take long and eat memory → commit → sent → noted.
A worker that dies while writing leaves a counted attempt: the mail has its next turn after a pause, and those
behind it go first. One that dies between sending and noting it leaves the mail in `sending`; it is tried
again after `STALE`, under the same Message-ID, so that the receiver can tell.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from billing_project import clock
from billing_project.audit.services import record
from billing_project.jobs.registry import DOCUMENTS_AND_MAILS
from billing_project.outbox.builders import build
from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import current_tenant_id, tenant_context
from billing_project.tenancy.lookup import current_tenant
from billing_project.tenancy.tasks import publish

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 8
STALE = timedelta(minutes=10)
_OPEN = (MailState.WAITING, MailState.SENDING)
_WRITTEN = [
    "state",
    "failed_at",
    "not_before",
    "error",
    "recipient",
    "subject",
    "text_body",
    "html_body",
]


def enqueue(
    *,
    occasion: str,
    kind: str,
    reference: int | None = None,
    not_before: datetime | None = None,
    **data: Any,
) -> None:
    """Ask for a mail in the caller's transaction; the same occasion asked for again does nothing.

    It goes after the commit, or from `not_before` on.
    """
    now = clock.now()
    mail = Mail(
        occasion=occasion,
        kind=kind,
        reference=reference,
        data=data,
        created_at=now,
        not_before=not_before or now,
    )
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    send_waiting_after_commit()


def in_the_morning() -> datetime:
    """When the mail of a job of the night goes: now, or the hour of mails when that is still to come."""
    now = clock.now()
    here = now.astimezone(current_tenant().zone)
    return max(now, datetime.combine(here.date(), DOCUMENTS_AND_MAILS, tzinfo=here.tzinfo))


def send_waiting_after_commit(*, mails: int = 1) -> None:
    """Wake as many senders as so many mails can use when the transaction has been committed."""
    from billing_project.outbox.tasks import BATCH, send_waiting

    tenant_id = current_tenant_id()
    for _sender in range(min(settings.WORKER_HANDS, -(-mails // BATCH))):
        transaction.on_commit(lambda: publish(send_waiting, tenant_id))


def send_next(tenant_id: int) -> bool:
    """Try one waiting mail; False when none is waiting. Opens its own transactions."""
    attempt = _begin_attempt(tenant_id)
    if attempt is None:
        return False
    with tenant_context(tenant_id):
        mail = _take(attempt)
    if mail is not None:
        error = _hand_over(mail)
        with tenant_context(tenant_id):
            _note_result(mail, error)
    return True


def retry(*, mail: Mail) -> None:
    """An operator has a failed mail tried once more."""
    failed = Mail.objects.filter(pk=mail.pk, state=MailState.FAILED)
    if failed.update(state=MailState.WAITING, attempts=0, not_before=clock.now(), failed_at=None):
        record("mail_retried", mail)
        send_waiting_after_commit()


def _begin_attempt(tenant_id: int) -> Mail | None:
    """Count an attempt at the first mail that waits; one whose last attempt was never heard of has failed."""
    with tenant_context(tenant_id):
        now = clock.now()
        mail: Mail | None = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(state__in=_OPEN, not_before__lte=now)
            .order_by("not_before", "id")
            .first()
        )
        if mail is None:
            return None
        if mail.attempts >= MAX_ATTEMPTS:
            mail.state, mail.failed_at = MailState.FAILED, now
            mail.error = mail.error or "The last attempt did not come to an end."
        else:
            mail.attempts += 1
            mail.not_before = now + _pause_after(mail.attempts)
        mail.save(update_fields=["state", "error", "failed_at", "attempts", "not_before"])
        return mail


def _take(attempt: Mail) -> Mail | None:
    """Write the letter if that is still to do; None when it has failed, or another worker has the mail."""
    mail: Mail | None = (
        Mail.objects.select_for_update(skip_locked=True)
        .filter(pk=attempt.pk, attempts=attempt.attempts, state__in=_OPEN)
        .first()
    )
    if mail is None:
        return None
    mail.state = MailState.SENDING
    if not mail.subject:
        _write(mail)
    mail.not_before = clock.now() + STALE
    mail.save(update_fields=_WRITTEN)
    return mail if mail.state == MailState.SENDING else None


def _write(mail: Mail) -> None:
    try:
        with transaction.atomic():
            letter = build(mail)
    except Exception as failure:
        log.exception("mail_not_written", occasion=mail.occasion)
        mail.error, mail.state = f"{type(failure).__name__}: {failure}", MailState.FAILED
        mail.failed_at = clock.now()
        return
    mail.recipient, mail.subject = letter.recipient, letter.subject
    mail.text_body, mail.html_body = letter.text, letter.html


def _hand_over(mail: Mail) -> str:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text_body,
        to=[mail.recipient],
        headers={"Message-ID": f"<{mail.public_id}@{settings.BASE_DOMAIN}>"},
    )
    message.attach_alternative(mail.html_body, "text/html")
    try:
        message.send()
    except Exception as failure:
        log.warning("mail_not_sent", occasion=mail.occasion, error=str(failure))
        return f"{type(failure).__name__}: {failure}"
    return ""


def _note_result(mail: Mail, error: str) -> None:
    now = clock.now()
    mine = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts)
    if not error:
        mine.update(state=MailState.SENT, sent_at=now, error="")
    elif mail.attempts >= MAX_ATTEMPTS:
        mine.update(state=MailState.FAILED, error=error, failed_at=now)
    else:
        mine.update(state=MailState.WAITING, error=error, not_before=now + _pause_after(mail.attempts))


def _pause_after(attempts: int) -> timedelta:
    """1 minute after the first attempt, then 2, 4, 8, …"""
    return timedelta(minutes=2 ** (attempts - 1))
