"""Payments, their matches and the files they came from, asked in the tenant's context."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Customer
from payments.models import BankFile, Match, Payment, PaymentState
from payments.selectors.payers import payments_like


def payments(*, customer: Customer | None = None, search: str = "", state: str = "") -> QuerySet[Payment]:
    """Payments, newest first; `search` finds payer, reference or company."""
    found: QuerySet[Payment] = Payment.objects.select_related("customer").order_by("-received_on", "-id")
    if customer is not None:
        split = Match.objects.filter(customer=customer, undone_at=None)
        found = found.filter(Q(customer=customer) | Q(pk__in=split.values("payment")))
    if state:
        found = found.filter(state=state)
    if text := search.strip():
        found = found.filter(payments_like(text))
    return found


def unmatched_transfers() -> QuerySet[Payment]:
    """Transfers whose payer nobody knows yet."""
    return payments(state=PaymentState.UNMATCHED)


def matches_of(payment: Payment) -> QuerySet[Match]:
    """What holds now of whose the payment is, one for each customer."""
    found: QuerySet[Match] = Match.objects.filter(payment=payment, undone_at=None)
    return found.select_related("customer").order_by("pk")


def bank_files() -> QuerySet[BankFile]:
    """Imported files, newest first, without their content."""
    found: QuerySet[BankFile] = BankFile.objects.defer("content")
    return found.order_by("-imported_at", "-id")
