"""Questions about cards, asked in the tenant's context."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Customer
from payments.models import Card, CardRefund, CardRefundState, CardSetup


def cards_of(customer: Customer) -> QuerySet[Card]:
    """The customer's cards that may be charged, the newest first."""
    cards: QuerySet[Card] = Card.objects.filter(customer=customer, removed_at=None)
    return cards.order_by("-saved_at", "-pk")


def setups_of(customer: Customer) -> QuerySet[CardSetup]:
    """The customer's visits to the provider's page."""
    setups: QuerySet[CardSetup] = CardSetup.objects.filter(customer=customer)
    return setups


def failed_refunds() -> QuerySet[CardRefund]:
    """Refunds that did not reach the card: their sums are free deposit, and a person has to see to it."""
    refunds: QuerySet[CardRefund] = CardRefund.objects.filter(state=CardRefundState.FAILED)
    return refunds.select_related("payment", "payment__customer")
