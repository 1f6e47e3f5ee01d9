"""What readers of a link may do without sign-in: say that it is not for them, ask for a new link."""

from __future__ import annotations

from typing import cast

from django.db import transaction

from accounts.models import AccountingContact, Member
from accounts.rules import RIGHTS, Right
from billing_project import clock
from billing_project.audit.services import current_actor, record
from billing_project.outbox.services import enqueue
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Document, DocumentLink, WrongRecipient
from invoices.models.wrong_recipient import NOTE_LENGTH

WRONG_RECIPIENT = "wrong_recipient"
_MOST_TOLD = 5


@transaction.atomic
def report_wrong_recipient(*, link: DocumentLink, note: str = "") -> None:
    """Into the operators' inbox, and a mail to those of the company who can name another contact (A7).

    Reported again, nothing happens: there is one report per link.
    """
    document = cast(Document, link.document)
    report, made = WrongRecipient.objects.get_or_create(
        link=link,
        defaults={"document": document, "note": note[:NOTE_LENGTH], "reported_at": clock.now()},
    )
    if not made:
        return
    record("wrong_recipient_reported", document, email=link.email, note=report.note)
    for member in _who_can_name_another(document):
        enqueue(
            occasion=f"{WRONG_RECIPIENT}:{report.pk}:{member.pk}",
            kind=WRONG_RECIPIENT,
            reference=report.pk,
            member=member.pk,
        )


@transaction.atomic
def see_to_report(*, report: WrongRecipient) -> None:
    """An operator has dealt with it; said again, nothing happens."""
    waiting = WrongRecipient.objects.filter(pk=report.pk, handled_at=None)
    if waiting.update(handled_at=clock.now(), handled_by=current_actor().label):
        record("wrong_recipient_seen_to", report)


@transaction.atomic
def ask_for_new_link(*, link: DocumentLink) -> None:
    """Mails the document's link anew to the address the old one went to, once a day.

    Nothing is mailed for a link that was withdrawn, or when the address is no longer that of the accounting
    contact (A7): who has left gets no new key.
    """
    document = cast(Document, link.document)
    still_theirs = AccountingContact.objects.filter(
        customer=document.customer_id, email__iexact=link.email
    ).exists()
    if link.revoked_at is not None or not still_theirs:
        return
    today = clock.today(current_tenant().zone)
    enqueue(occasion=f"link_renewed:{document.pk}:{today}", kind="document_issued", reference=document.pk)
    record("document_link_asked_for", document, email=link.email)


def _who_can_name_another(document: Document) -> list[Member]:
    roles = [role for role, rights in RIGHTS.items() if Right.ADMINISTER in rights]
    members = Member.objects.filter(customer=document.customer_id, is_active=True, roles__overlap=roles)
    return list(members.order_by("pk")[:_MOST_TOLD])
