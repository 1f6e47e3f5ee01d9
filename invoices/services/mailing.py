"""Announcing a document once more: to the accounting contact's address of today, with a link of its own."""

from __future__ import annotations

from django.db import transaction

from billing_project import clock
from billing_project.audit.services import record
from billing_project.outbox.services import enqueue
from invoices.models import Document


@transaction.atomic
def mail_again(*, document: Document) -> None:
    """A new occasion, so that the mail is sent; earlier links stay as they are."""
    occasion = f"document_issued:{document.pk}:{clock.now().isoformat()}"
    enqueue(occasion=occasion, kind="document_issued", reference=document.pk)
    record("document_mailed_again", document)
