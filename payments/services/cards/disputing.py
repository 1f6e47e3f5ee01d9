"""A charge that the card company takes back, and gives back when the dispute about it is won."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum

from billing_project import clock
from billing_project.audit.services import record
from invoices.models import Allocation, AllocationSource, OpenItem
from invoices.rules import share_out
from invoices.services.settlement import allocate
from ledger.models import Account, Entry, Line, Reason
from ledger.services import Posting, lock_balance, post
from payments.gateways.port import DisputeOutcome, DisputeSeen, UnknownAnswer
from payments.models import CardDispute, CardDisputeState, CardPayment, CardPaymentState
from payments.services.cards.booking import today
from payments.services.cards.refunding import CHARGED, unanswered_refunds
from payments.services.cards.taking_back import book_taken_back
from payments.signals import (
    card_payment_answered,
    card_payment_charged_back,
    card_payment_reinstated,
    payment_received,
)

_STANDING = (*CHARGED, CardPaymentState.CHARGED_BACK)
_TAKEN = (CardDisputeState.TAKEN, CardDisputeState.LOST)
_STATES = {
    DisputeOutcome.TAKEN: CardDisputeState.TAKEN,
    DisputeOutcome.WON: CardDisputeState.WON,
    DisputeOutcome.LOST: CardDisputeState.LOST,
}


@transaction.atomic
def settle_dispute(*, card_payment: CardPayment, seen: DisputeSeen) -> CardPayment:
    """Writes down how a dispute stands; told again, or late, it changes nothing.

    What the card company took, at most what was not refunded, is booked, and the document open again; won, it
    is booked back. A question that has taken nothing is none of ours. A charge that is not known to have
    succeeded stays as it is: ask the provider first. Raises UnknownAnswer while nobody knows whether a refund
    of it was made: a disputed charge is not refunded, and what was refunded is not taken.
    """
    card_payment_answered.send(sender=CardPayment, card_payment=card_payment)
    payment: CardPayment = CardPayment.objects.select_for_update().get(pk=card_payment.pk)
    if seen.outcome == DisputeOutcome.INQUIRY or payment.state not in _STANDING:
        return payment
    state = _STATES[seen.outcome]
    known: CardDispute | None = CardDispute.objects.filter(gateway_id=seen.id).first()
    if known is None:
        if unanswered_refunds(payment).exists():
            raise UnknownAnswer("It is not known yet whether a refund of the charge was made.")
        _open(payment, seen, state)
    elif known.state == CardDisputeState.TAKEN and state != CardDisputeState.TAKEN:
        _end(payment, known, state)
    return payment


def _open(payment: CardPayment, seen: DisputeSeen, state: CardDisputeState) -> None:
    """The first we hear of it; one that is won by then has taken nothing."""
    decided = None if state == CardDisputeState.TAKEN else clock.now()
    dispute: CardDispute = CardDispute.objects.create(
        payment=payment,
        gateway_id=seen.id,
        amount=min(seen.amount, payment.amount - payment.refunded - _taken(payment)),
        state=state,
        before=payment.state,
        opened_at=clock.now(),
        ended_at=decided,
    )
    if state == CardDisputeState.WON:
        return
    if dispute.amount:
        book_taken_back(payment, dispute.amount, reason=Reason.CHARGEBACK, source_id=dispute.pk)
    _move(payment, CardPaymentState.CHARGED_BACK)
    record("card_charge_charged_back", payment, amount=dispute.amount)
    card_payment_charged_back.send(sender=CardPayment, card_payment=payment, amount=dispute.amount)


def _end(payment: CardPayment, dispute: CardDispute, state: CardDisputeState) -> None:
    dispute.state, dispute.ended_at = state, clock.now()
    dispute.save(update_fields=["state", "ended_at"])
    record(f"card_dispute_{state.value}", payment, amount=dispute.amount)
    if state == CardDisputeState.WON:
        _reinstate(payment, dispute)


def _reinstate(payment: CardPayment, dispute: CardDispute) -> None:
    disputes = CardDispute.objects.filter(payment=payment)
    if not disputes.filter(state__in=_TAKEN).exists():
        first = disputes.order_by("pk").exclude(before=CardPaymentState.CHARGED_BACK).first()
        assert first is not None
        _move(payment, CardPaymentState(first.before))
    to_deposit = _book_back(payment, dispute) if dispute.amount else 0
    if to_deposit:
        card_payment_reinstated.send(sender=CardPayment, card_payment=payment, amount=to_deposit)
        payment_received.send(sender=CardPayment, customer_ids=[payment.customer_id])


def _book_back(payment: CardPayment, dispute: CardDispute) -> int:
    """Turns the entry of the chargeback. What was paid or written off of its documents meanwhile becomes
    deposit; gives that in yen.
    """
    customer = payment.customer_id
    lock_balance(customer)
    taken = Entry.objects.get(reason=Reason.CHARGEBACK, source_id=dispute.pk)
    lost = Line.objects.filter(entry=taken, account=Account.BAD_DEBT).aggregate(sum=Sum("amount"))["sum"] or 0
    shares, to_deposit = share_out(dispute.amount - lost, _still_open(taken))
    entry = post(
        booked_on=today(),
        reason=Reason.CHARGEBACK_REVERSED,
        source_id=dispute.pk,
        memo=payment.order_number,
        postings=[
            Posting(Account.CARD_CLEARING, dispute.amount),
            Posting(Account.BAD_DEBT, -lost),
            Posting(Account.RECEIVABLE, -sum(share.amount for share in shares), customer),
            Posting(Account.DEPOSIT, -to_deposit, customer),
        ],
    )
    allocate(shares=shares, source=AllocationSource.CHARGEBACK, source_id=dispute.pk, entry=entry)
    return to_deposit


def _still_open(taken: Entry) -> list[tuple[int, int]]:
    """(document, what is open of what the chargeback opened), locked."""
    opened = dict(Allocation.objects.filter(entry=taken).values_list("document", "amount"))
    items = OpenItem.objects.select_for_update().filter(document__in=opened).order_by("due_on", "id")
    rows = items.values_list("document", "open_amount")
    return [(document, min(amount, -opened[document])) for document, amount in rows]


def _taken(payment: CardPayment) -> int:
    disputes = CardDispute.objects.filter(payment=payment, state__in=_TAKEN)
    return disputes.aggregate(sum=Sum("amount"))["sum"] or 0


def _move(payment: CardPayment, state: CardPaymentState) -> None:
    payment.state, payment.settled_at = state, clock.now()
    payment.save(update_fields=["state", "settled_at"])
