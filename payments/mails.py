"""The mail about a transfer that arrived short by a fee (A11)."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.selectors import contact_of
from billing_project import clock
from billing_project.outbox.builders import Letter, register
from billing_project.outbox.letters import write_letter
from billing_project.outbox.models import Mail
from billing_project.outbox.services import send_waiting_after_commit
from invoices.models import Allocation, AllocationSource, OpenItem
from payments.models import Match, MatchKind

TRANSFER_SHORT = "transfer_short"


def ask_for_shortfalls(matches: Iterable[Match]) -> None:
    """Asks the accounting contacts for what is missing, in the caller's transaction; each match once."""
    now = clock.now()
    mails = [
        Mail(
            occasion=f"{TRANSFER_SHORT}:{match.pk}",
            kind=TRANSFER_SHORT,
            reference=match.pk,
            created_at=now,
            not_before=now,
        )
        for match in matches
        if match.kind == MatchKind.SHORT_BY_FEE and match.written_off == 0
    ]
    if mails:
        Mail.objects.bulk_create(mails, ignore_conflicts=True)
        send_waiting_after_commit()


def transfer_short(mail: Mail) -> Letter:
    """To the accounting contact's present address: what came, what is missing, and of which documents."""
    match = Match.objects.select_related("customer", "payment").get(pk=mail.reference)
    paid = Allocation.objects.filter(entry=match.entry, source=AllocationSource.PAYMENT)
    open_items = OpenItem.objects.filter(document__in=paid.values("document"), open_amount__gt=0)
    return write_letter(
        TRANSFER_SHORT,
        recipient=contact_of(match.customer).email,
        language=match.customer.language,
        company=match.customer.name,
        name=contact_of(match.customer).name,
        match=match,
        payment=match.payment,
        items=open_items.select_related("document").order_by("due_on", "id"),
    )


def register_mails() -> None:
    register(TRANSFER_SHORT, transfer_short)
