"""Document links (A8): unguessable, expiring, revocable; and the log of who opened what."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.db import transaction

from accounts.selectors import policy_on
from billing_project import clock
from billing_project.audit.services import current_actor, record
from billing_project.tenancy.bulk import insert_rows
from billing_project.tenancy.lookup import current_tenant
from invoices.models import AccessAction, Document, DocumentAccess, DocumentLink, Form
from invoices.models.archive import AccessLink


@dataclass(frozen=True)
class Visitor:
    """Who opens a document: a member's or operator's mail address, or the address a link was mailed to."""

    label: str
    ip_address: str | None = None
    user_agent: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        return {
            "actor_label": self.label,
            "actor_kind": current_actor().kind,
            "ip_address": self.ip_address,
            "user_agent": self.user_agent[:300],
        }


def create_link(*, document: Document, email: str) -> str:
    """Makes a link for whoever reads `email`; gives the token, which is kept nowhere else."""
    token, fields = new_link(email)
    DocumentLink.objects.create(document=document, **fields)
    return token


def new_link(email: str) -> tuple[str, dict[str, Any]]:
    """A token, and the fields of a link that knows it: of a document, or of a quote."""
    token = secrets.token_urlsafe(32)
    days = policy_on(clock.today(current_tenant().zone)).document_link_days
    now = clock.now()
    return token, {
        "token_sha256": digest_of(token),
        "email": email,
        "created_at": now,
        "expires_at": now + timedelta(days=days),
    }


def link_of(token: str) -> DocumentLink | None:
    """The link of that token, also when it no longer opens anything (`is_open`)."""
    link: DocumentLink | None = (
        DocumentLink.objects.filter(token_sha256=digest_of(token)).select_related("document").first()
    )
    return link


def is_open(link: AccessLink) -> bool:
    return link.revoked_at is None and clock.now() < link.expires_at


@transaction.atomic
def revoke_link(*, link: DocumentLink) -> None:
    """From now on the link opens nothing; revoking it again changes nothing."""
    if DocumentLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=clock.now()):
        record("document_link_revoked", cast(Document, link.document), email=link.email)


def log_access(
    *, document: Document, action: str, visitor: Visitor, form: str = "", link: DocumentLink | None = None
) -> DocumentAccess:
    """Writes one line of the download log; `form` is as what the document was fetched."""
    access: DocumentAccess = DocumentAccess.objects.create(
        document=document, link=link, action=action, form=form, at=clock.now(), **visitor.fields
    )
    return access


def log_archive(*, document_ids: Sequence[int], visitor: Visitor) -> None:
    """The same for all documents of a ZIP archive, in one statement."""
    shared = {
        "action": AccessAction.DOWNLOADED,
        "form": Form.ZIP,
        "at": clock.now(),
        **visitor.fields,
    }
    insert_rows([DocumentAccess(document_id=id_, **shared) for id_ in document_ids])


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
