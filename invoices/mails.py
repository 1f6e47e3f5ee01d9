"""The mail that announces a document: its figures and the link to it, never the file (A8)."""

from __future__ import annotations

from accounts.selectors import contact_of
from billing_project.outbox.builders import Letter, register
from billing_project.outbox.letters import site_url, write_letter
from billing_project.outbox.models import Mail
from invoices.models import Document
from invoices.services.files import ensure_file
from invoices.services.links import create_link

DOCUMENT_ISSUED = "document_issued"


def document_issued(mail: Mail) -> Letter:
    """To the accounting contact's present address (A7); the file is made first, so the link leads to it."""
    document = Document.objects.select_related("customer").get(pk=mail.reference)
    ensure_file(document)
    recipient = contact_of(document.customer).email
    token = create_link(document=document, email=recipient)
    return write_letter(
        DOCUMENT_ISSUED,
        recipient=recipient,
        language=document.customer.language,
        document=document,
        customer=document.customer,
        addressee=document.addressee,
        link=site_url(f"/d/{token}/"),
    )


def register_mails() -> None:
    register(DOCUMENT_ISSUED, document_issued)
