"""The mails about money: short transfers (A11), what is overdue (A12, H8), pay-outs (A15), deposits (X11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from accounts.models import Customer, Operator
from accounts.policy.choices import Step
from accounts.selectors import contact_of, language_of_operators
from billing_project import clock
from billing_project.outbox.builders import Letter, register
from billing_project.outbox.letters import site_url, write_letter
from billing_project.outbox.models import Mail
from billing_project.outbox.services import enqueue, send_waiting_after_commit
from invoices.models import Allocation, AllocationSource, OpenItem
from payments.models import DepositReport, Match, MatchKind, Payout

TRANSFER_SHORT = "transfer_short"
DUNNING = "dunning"
DEPOSIT_REPORT = "deposit_report"
PAYOUT_ASKED = "payout_asked"
PAYOUT_EXECUTED = "payout_executed"
PAYOUT_RETURNED = "payout_returned"
PAYOUT_WITHDRAWN = "payout_withdrawn"
_PAYOUTS = (PAYOUT_ASKED, PAYOUT_EXECUTED, PAYOUT_RETURNED, PAYOUT_WITHDRAWN)


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


def dunning(mail: Mail) -> Letter:
    """To the accounting contact: what is overdue, which steps were taken, and how they are lifted."""
    customer = Customer.objects.get(pk=mail.reference)
    contact = contact_of(customer)
    documents = [{**each, "due": date.fromisoformat(each["due"])} for each in mail.data["documents"]]
    return write_letter(
        DUNNING,
        recipient=contact.email,
        language=customer.language,
        company=customer.name,
        name=contact.name,
        steps=[step for step in mail.data["steps"] if step != Step.REMINDER],
        documents=documents,
        total=sum(each["amount"] for each in documents),
        panel=site_url("/documents/?standing=overdue"),
    )


def tell_of_payout(kind: str, payout: Payout) -> None:
    """Tells the accounting contact of a step of a pay-out, once, in the caller's transaction."""
    enqueue(occasion=f"{kind}:{payout.pk}", kind=kind, reference=payout.pk)


def payout_letter(mail: Mail) -> Letter:
    """To the accounting contact's present address."""
    payout = Payout.objects.select_related("customer").get(pk=mail.reference)
    contact = contact_of(payout.customer)
    return write_letter(
        mail.kind,
        recipient=contact.email,
        language=payout.customer.language,
        company=payout.customer.name,
        name=contact.name,
        payout=payout,
        account_end=payout.account_number[-3:],
    )


def deposit_report(mail: Mail) -> Letter:
    """To an operator: what was held on the day of record, and the warning from 10,000,000 yen on."""
    report = DepositReport.objects.get(pk=mail.reference)
    operator = Operator.objects.select_related("user").get(pk=mail.data["operator"])
    return write_letter(
        DEPOSIT_REPORT,
        recipient=operator.user.email,
        language=language_of_operators(),
        name=str(operator.user),
        report=report,
    )


def register_mails() -> None:
    register(DEPOSIT_REPORT, deposit_report)
    register(TRANSFER_SHORT, transfer_short)
    register(DUNNING, dunning)
    for kind in _PAYOUTS:
        register(kind, payout_letter)
