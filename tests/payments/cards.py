"""Words for tests of cards: a shop's provider that does as it is told, saved cards, charges."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any, cast

from accounts.models import Customer, Tenant
from billing_project.tenancy.lookup import current_tenant
from payments.gateways import gateway
from payments.gateways.playing import PlayingCard, PlayingGateway
from payments.models import Card, CardPayment, CardPurpose, CardSetup
from payments.services.cards import (
    collect,
    finish_setup,
    intend,
    intend_refund,
    receive_event,
    record_card_settlement,
    start_setup,
)
from payments.services.cards.disputing import settle_dispute
from payments.services.cards.refunding import give_back
from payments.services.cards.sweeping import talk

_references = count(900_000_000)
URL = "http://alpha.localhost/cards/return/"


def provider() -> PlayingGateway:
    """The provider that this process asks."""
    return cast(PlayingGateway, gateway())


def visit(customer: Customer, **options: Any) -> CardSetup:
    """The provider's page stands open for the customer."""
    return start_setup(customer=customer, member=None, return_url=URL, cancel_url="/", **options)


def saved(customer: Customer, **behaviour: Any) -> Card:
    """A card of the customer that behaves like this."""
    setup = visit(customer)
    provider().enter(setup.session, PlayingCard(**behaviour))
    return finish_setup(setup)


def intended(card: Card, amount: int = 33_000, **fields: Any) -> CardPayment:
    """A charge that nobody's order waits for: what is charged becomes deposit."""
    return intend(
        card=card,
        amount=amount,
        **{
            "purpose": CardPurpose.DELIVERY,
            "reference": next(_references),
            "order_number": "O-2026-1",
            **fields,
        },
    )


def tell(tenant: Tenant, *messages: tuple[bytes, str]) -> None:
    """The provider's messages arrive one after the other, and each is acted on."""
    for body, signature in messages:
        receive_event(tenant=tenant, body=body, signature=signature)
        talk(tenant.pk)


def use_cards(customer: Customer) -> None:
    """Charged, a part refunded, settled with the card company, and taken back. In the tenant's context."""
    payment = collect(intended(saved(customer)))
    give_back(intend_refund(card_payment=payment, amount=1_000))
    record_card_settlement(amount=1_000, fees=10, on=date(2026, 11, 2), reference="po_1")
    body, signature = provider().dispute(payment.gateway_id)
    receive_event(tenant=current_tenant(), body=body, signature=signature)
    [dispute] = [each for each in provider().disputes.values() if each.charge == payment.gateway_id]
    settle_dispute(card_payment=payment, seen=dispute)
