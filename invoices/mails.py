"""Mails about documents: one is there, with its figures and the link to it, never the file (A8); or one
went to the wrong person.
"""

from __future__ import annotations

from accounts.models import Member
from accounts.selectors import contact_of, language_of
from billing_project.outbox.builders import Letter, register
from billing_project.outbox.letters import site_url, write_letter
from billing_project.outbox.models import Mail
from invoices.models import Document, WrongRecipient
from invoices.services.files import ensure_file
from invoices.services.link_reports import WRONG_RECIPIENT
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


def wrong_recipient(mail: Mail) -> Letter:
    """To who can name another accounting contact (A7): the one there is says it is not for them."""
    report = WrongRecipient.objects.select_related("document__customer", "link").get(pk=mail.reference)
    member = Member.objects.select_related("customer", "user").get(pk=mail.data["member"])
    return write_letter(
        WRONG_RECIPIENT,
        recipient=member.user.email,
        language=language_of(member),
        company=member.customer.name,
        name=member.name,
        document=report.document,
        email=report.link.email,
        note=report.note,
        link=site_url("/company/contact/"),
    )


def register_mails() -> None:
    register(DOCUMENT_ISSUED, document_issued)
    register(WRONG_RECIPIENT, wrong_recipient)
