"""What left the card clearing again against our will: what it had paid is owed again."""

from __future__ import annotations

from django.db.models import Sum

from invoices.models import Allocation, AllocationSource, Document, OpenItem
from invoices.rules import Share, share_out
from invoices.services.settlement import allocate
from ledger.models import Account, Entry, Reason, ReservedFor
from ledger.reservations import free, release
from ledger.services import Posting, lock_balance, post
from payments.models import CardPayment, CardPurpose
from payments.services.cards.booking import today

_PAID_FROM_DEPOSIT = (AllocationSource.DEPOSIT, AllocationSource.PAYMENT)


def book_taken_back(payment: CardPayment, taken: int, *, reason: Reason, source_id: int) -> None:
    """`taken` yen of the charge are gone: the documents that it paid are open again, due today.

    Of money that paid no document yet, the deposit goes; what was paid from it opens again. What nothing is
    left to ask for is bad debt. The caller has locked the card payment.
    """
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
        reason=reason,
        source_id=source_id,
        memo=payment.order_number,
        postings=[
            Posting(Account.RECEIVABLE, sum(share.amount for share in shares), customer),
            Posting(Account.DEPOSIT, from_deposit, customer),
            Posting(Account.BAD_DEBT, rest - from_deposit),
            Posting(Account.CARD_CLEARING, -taken),
        ],
    )
    _open_again(shares, source_id, entry)


def _open_again(shares: tuple[Share, ...], source_id: int, entry: Entry) -> None:
    """What was paid at delivery had no due date; owed again, it is due today."""
    items = OpenItem.objects.filter(document_id__in=[share.document_id for share in shares])
    list(items.select_for_update().order_by("due_on", "id"))
    items.filter(due_on=None).update(due_on=today())
    allocate(
        shares=[Share(share.document_id, -share.amount) for share in shares],
        source=AllocationSource.CHARGEBACK,
        source_id=source_id,
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
