"""What happened to a document, from the rows that say so already: nothing is written for this a second time.

Made: the document itself. Files, mails, accesses and the audit log each know their moments. In the tenant's
context.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from billing_project.audit.models import ActorKind, AuditEntry
from billing_project.errors import Text
from billing_project.outbox.models import Mail, MailState
from invoices.models import AccessAction, Document, DocumentAccess, DocumentFile, Form

SHOWN = 100
MAIL_KIND = "document_issued"
_OF_CUSTOMER = (ActorKind.MEMBER, ActorKind.KEY, ActorKind.LINK)


@dataclass(frozen=True, slots=True)
class Event:
    """One line; `by` is who did it, `kind` what kind of actor that is, `address` from where."""

    at: datetime
    title: Text
    text: Text = ""
    tone: str = ""
    by: str = ""
    kind: str = ""
    address: str = ""
    action: str = ""


def events_of(document: Document) -> list[Event]:
    """Everything, the newest first. Acts of the audit log have their code in `action`, and no title."""
    found = [
        _issued(document),
        *_files(document),
        *_mails(document),
        *_accesses(document),
        *_acts(document),
    ]
    return _newest(found)


def files_of(document: Document) -> list[DocumentFile]:
    """Without their contents; asked of the database once for each document at hand."""
    without_content = Prefetch("files", DocumentFile.objects.defer("content").order_by("pk"))
    prefetch_related_objects([document], without_content)
    return list(document.files.all())


def events_for_customer(document: Document) -> list[Event]:
    """The customer's part: the issue, mails that were sent, what its own people and links have fetched."""
    mails = [event for event in _mails(document) if event.tone == "success"]
    accesses = [event for event in _accesses(document) if event.kind in _OF_CUSTOMER]
    return _newest([_issued(document), *mails, *accesses])


def _newest(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.at, reverse=True)[:SHOWN]


def _issued(document: Document) -> Event:
    return Event(document.issued_at, _("Issued"), tone="info")


def _files(document: Document) -> Iterator[Event]:
    for file in files_of(document):
        yield Event(file.made_at, _("File made"), file.media_type)


def _mails(document: Document) -> Iterator[Event]:
    found = Mail.objects.filter(kind=MAIL_KIND, reference=document.pk)
    for mail in found.defer("text_body", "html_body").order_by("-id")[:SHOWN]:
        if mail.state == MailState.SENT:
            yield Event(mail.sent_at, _("Mailed"), mail.recipient, "success")
        elif mail.state == MailState.FAILED:
            yield Event(mail.failed_at or mail.not_before, _("Mail failed"), mail.error, "danger")
        else:
            yield Event(mail.created_at, _("Mail waits to be sent"), mail.error)


def _accesses(document: Document) -> Iterator[Event]:
    for access in DocumentAccess.objects.filter(document=document).order_by("-at")[:SHOWN]:
        yield _accessed(access)


def _accessed(access: Any) -> Event:
    opened = access.action == AccessAction.OPENED
    return Event(
        access.at,
        _("Link opened") if opened else _("Downloaded"),
        Form(access.form).label if access.form else "",
        by=access.actor_label,
        kind=access.actor_kind,
        address=access.ip_address or "",
    )


def _acts(document: Document) -> Iterator[Event]:
    found = AuditEntry.objects.filter(object_kind="document", object_id=document.pk)
    for entry in found.order_by("-at")[:SHOWN]:
        yield Event(
            entry.at,
            "",
            by=entry.actor_label,
            kind=entry.actor_kind,
            address=entry.ip_address or "",
            action=entry.action,
        )
