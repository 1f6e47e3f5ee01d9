"""Card money in the ledger."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import AllocationSource, Document
from invoices.rules import Share
from invoices.services.settlement import allocate
from ledger.models import Account, Entry, Reason
from ledger.services import Posting, lock_balance, post
from payments.models import CardPayment, CardSettlement
from payments.rules.cards import check_settlement


def today() -> date:
    return clock.today(current_tenant().zone)


@transaction.atomic
def book_for_document(*, card_payment: CardPayment, document: Document) -> None:
    """Card clearing / receivable, and the allocation to the document, in the caller's transaction."""
    lock_balance(card_payment.customer_id)
    entry = _book(card_payment, Account.RECEIVABLE)
    share = Share(document.pk, card_payment.amount)
    allocate(shares=[share], source=AllocationSource.CARD, source_id=card_payment.pk, entry=entry)


@transaction.atomic
def book_to_deposit(*, card_payment: CardPayment) -> None:
    """Card clearing / deposit, in the caller's transaction: charged before delivery (A3), or too late."""
    _book(card_payment, Account.DEPOSIT)


def _book(payment: CardPayment, credited: Account) -> Entry:
    return post(
        booked_on=today(),
        reason=Reason.CARD_CHARGED,
        source_id=payment.pk,
        memo=payment.order_number,
        postings=[
            Posting(Account.CARD_CLEARING, payment.amount),
            Posting(credited, -payment.amount, payment.customer_id),
        ],
    )


@transaction.atomic
def record_card_settlement(*, amount: int, fees: int, on: date, reference: str) -> CardSettlement:
    """The card company paid `amount` yen to the bank account after keeping `fees`; each reference once.

    Raises Refusal `invalid_amount`, `invalid_date`, `invalid_input`, and `already_paid` for a reference that
    was recorded with other figures.
    """
    check_settlement(amount=amount, fees=fees, reference=reference, paid_on=on, today=today())
    facts = {"amount": amount, "fees": fees, "paid_on": on}
    settlement: CardSettlement
    settlement, is_new = CardSettlement.objects.get_or_create(
        reference=reference.strip(), defaults={**facts, "recorded_at": clock.now()}
    )
    if not is_new:
        if any(getattr(settlement, name) != value for name, value in facts.items()):
            raise Refusal(Code.ALREADY_PAID)
        return settlement
    post(
        booked_on=on,
        reason=Reason.CARD_SETTLED,
        source_id=settlement.pk,
        memo=settlement.reference,
        postings=[
            Posting(Account.BANK, amount),
            Posting(Account.CARD_FEES, fees),
            Posting(Account.CARD_CLEARING, -amount - fees),
        ],
    )
    record("card_settlement_recorded", settlement, amount=amount, fees=fees)
    return settlement
