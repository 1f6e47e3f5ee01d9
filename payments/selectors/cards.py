"""Questions about cards, asked in the tenant's context."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from accounts.models import Customer
from billing_project import clock
from payments.models import (
    Card,
    CardPayment,
    CardPaymentState,
    CardRefund,
    CardRefundState,
    CardSetup,
    GatewayEvent,
)

NEW = timedelta(days=30)


def cards_of(customer: Customer) -> QuerySet[Card]:
    """The customer's cards that may be charged, the newest first."""
    cards: QuerySet[Card] = Card.objects.filter(customer=customer, removed_at=None)
    return cards.order_by("-saved_at", "-pk")


def setups_of(customer: Customer) -> QuerySet[CardSetup]:
    """The customer's visits to the provider's page."""
    setups: QuerySet[CardSetup] = CardSetup.objects.filter(customer=customer)
    return setups


def new_failed_refunds() -> QuerySet[CardRefund]:
    """Refunds that lately did not reach the card: a person has to see to them."""
    refunds: QuerySet[CardRefund] = CardRefund.objects.filter(
        state=CardRefundState.FAILED, settled_at__gte=clock.now() - NEW
    )
    return refunds


def new_chargebacks() -> QuerySet[CardPayment]:
    """What card companies took back lately."""
    payments: QuerySet[CardPayment] = CardPayment.objects.filter(
        state=CardPaymentState.CHARGED_BACK, settled_at__gte=clock.now() - NEW
    )
    return payments


def stuck_events() -> QuerySet[GatewayEvent]:
    """Events that could not be acted on so far."""
    events: QuerySet[GatewayEvent] = GatewayEvent.objects.filter(handled_at=None).exclude(error="")
    return events
