"""A charge that the card company took back: what it paid is owed again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum

from billing_project import clock
from billing_project.audit.services import record
from invoices.models import Allocation, AllocationSource, Document, OpenItem
from invoices.rules import Share, share_out
from invoices.services.settlement import allocate
from ledger.models import Account, Entry, Reason, ReservedFor
from ledger.reservations import free, release
from ledger.services import Posting, lock_balance, post
from payments.models import CardPayment, CardPaymentState, CardPurpose
from payments.services.cards.booking import today
from payments.services.cards.refunding import CHARGED
from payments.signals import card_payment_answered, card_payment_charged_back

_PAID_FROM_DEPOSIT = (AllocationSource.DEPOSIT, AllocationSource.PAYMENT)


@transaction.atomic
def charge_back(*, card_payment: CardPayment, amount: int) -> CardPayment:
    """Books what the card company took back, at most what was not refunded, and opens the document again.

    Of money that paid no document yet, the deposit goes; what was paid from it opens again. What nothing is
    left to ask for is bad debt. Told again it does nothing; a charge that is not known to have succeeded
    stays as it is: ask the provider first.
    """
    card_payment_answered.send(sender=CardPayment, card_payment=card_payment)
    payment: CardPayment = CardPayment.objects.select_for_update().get(pk=card_payment.pk)
    if payment.state not in CHARGED:
        return payment
    taken = min(amount, payment.amount - payment.refunded)
    if taken:
        _book(payment, taken)
    payment.state, payment.settled_at = CardPaymentState.CHARGED_BACK, clock.now()
    payment.save(update_fields=["state", "settled_at"])
    record("card_charge_charged_back", payment, amount=taken)
    card_payment_charged_back.send(sender=CardPayment, card_payment=payment, amount=taken)
    return payment


def _book(payment: CardPayment, taken: int) -> None:
    customer = payment.customer_id
    lock_balance(customer)
    shares, rest = share_out(taken, _paid_by_card(payment))
    if payment.purpose == CardPurpose.ORDER:
        from_documents, rest = share_out(rest, _paid_from_deposit(payment))
        shares = (*shares, *from_documents)
        release(customer_id=customer, purpose=ReservedFor.ORDER, source_id=payment.reference, amount=rest)
    from_deposit = min(rest, free(lock_balance(customer)))
    entry = post(
        booked_on=today(),
        reason=Reason.CHARGEBACK,
        source_id=payment.pk,
        memo=payment.order_number,
        postings=[
            Posting(Account.RECEIVABLE, sum(share.amount for share in shares), customer),
            Posting(Account.DEPOSIT, from_deposit, customer),
            Posting(Account.BAD_DEBT, rest - from_deposit),
            Posting(Account.CARD_CLEARING, -taken),
        ],
    )
    _open_again(payment, shares, entry)


def _open_again(payment: CardPayment, shares: tuple[Share, ...], entry: Entry) -> None:
    """What was paid at delivery had no due date; owed again, it is due today."""
    items = OpenItem.objects.filter(document_id__in=[share.document_id for share in shares])
    list(items.select_for_update().order_by("due_on", "id"))
    items.filter(due_on=None).update(due_on=today())
    allocate(
        shares=[Share(share.document_id, -share.amount) for share in shares],
        source=AllocationSource.CHARGEBACK,
        source_id=payment.pk,
        entry=entry,
    )


def _paid_by_card(payment: CardPayment) -> list[tuple[int, int]]:
    """(document, what this charge paid of it)."""
    paid = Allocation.objects.filter(source=AllocationSource.CARD, source_id=payment.pk)
    return _sums(paid)


def _paid_from_deposit(payment: CardPayment) -> list[tuple[int, int]]:
    """(document, what deposit paid of it) of the order that this charge paid for beforehand."""
    of_order = Document.objects.filter(
        customer=payment.customer_id, lines__charge__order_number=payment.order_number
    )
    paid = Allocation.objects.filter(document__in=of_order.values("pk"), source__in=_PAID_FROM_DEPOSIT)
    return _sums(paid)


def _sums(allocations: object) -> list[tuple[int, int]]:
    sums = allocations.values_list("document_id").annotate(paid=Sum("amount"))  # type: ignore[attr-defined]
    return [(document, paid) for document, paid in sums.order_by("document_id") if paid > 0]
