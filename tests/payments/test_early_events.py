"""News of charges whose number we do not know yet, and of what nobody here asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest
from django.test import Client

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from ledger.verification import verify
from orders.services import deliver
from payments.gateways.port import DisputeOutcome, EventAbout
from payments.models import (
    CardDispute,
    CardPayment,
    CardPaymentState,
)
from payments.services.cards import collect, receive_event
from payments.services.cards.sweeping import talk
from tests.acts import at
from tests.factories import make_customer, make_tenant
from tests.orders.factories import make_shop, order_of
from tests.payments.books import account, open_sums, standing
from tests.payments.cards import intended, provider, saved, tell

NOON = at("2026-11-10 12:00")
Message = tuple[bytes, str]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def acme(tenant: Tenant) -> Customer:
    with tenant_context(tenant):
        return make_customer(pays="card")


def dispute_of(charge: str) -> str:
    return next(each.id for each in provider().disputes.values() if each.charge == charge)


def lost_answer(acme: Customer) -> tuple[CardPayment, str]:
    """A charge whose number we do not know, for the answer was lost."""
    card = saved(acme)
    with tenant_context(acme.tenant_id):
        payment = intended(card)
    provider().lose["charge"] = 1
    collect(payment)
    [charge] = [each.seen.id for each in provider().charges.values() if each.wish.card == card.gateway_id]
    return payment, charge


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_dispute_before_the_charges_number_is_known(
    tenant: Tenant, acme: Customer, order: tuple[int, ...]
) -> None:
    """The charge succeeded, is disputed and won, all told in any order while our books know no number."""
    payment, charge = lost_answer(acme)
    messages = [
        provider().event(
            "payment_intent.succeeded",
            EventAbout.CHARGE,
            charge,
            key=str(payment.public_id),
            tenant=tenant.slug,
        ),
        provider().dispute(charge),
    ]
    dispute = dispute_of(charge)
    other = make_tenant()
    with tenant_context(other):
        intended(saved(make_customer(pays="card")))
    for index in order:
        message = messages[index] if index < 2 else provider().close_dispute(dispute)
        assert not receive_event(tenant=other, body=message[0], signature=message[1])
        tell(tenant, message)
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert (payment.state, payment.gateway_id) == (CardPaymentState.SUCCEEDED, charge)
        assert (standing(acme), account("card_clearing")) == ((0, 33_000), 33_000)
        assert verify() == []


def test_a_message_that_cannot_be_placed_is_sent_again(tenant: Tenant, acme: Customer) -> None:
    """Whose dispute it is only the provider knows, and it is away: refused, not dropped."""
    _payment, charge = lost_answer(acme)
    body, signature = provider().dispute(charge)
    client = Client(HTTP_HOST=f"{tenant.slug}.localhost")

    def post() -> int:
        headers = {"Stripe-Signature": signature}
        return client.post("/webhooks/stripe/", body, "application/json", headers=headers).status_code

    provider().away = True
    try:
        assert post() == 503
    finally:
        provider().away = False
    assert post() == 200
    talk(tenant.pk)
    with tenant_context(tenant):
        assert CardPayment.objects.get().state == CardPaymentState.CHARGED_BACK


@pytest.mark.parametrize("number_known", [True, False])
def test_a_refund_made_at_the_provider_is_owed_again(number_known: bool) -> None:
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        order = order_of(customer, card=saved(customer))
    if not number_known:
        provider().lose["charge"] = 1
    deliver(order=order)
    [charge] = [key for key, each in provider().charges.items() if each.wish.tenant == tenant.slug]
    message = provider().refund_by_hand(charge, 3_000)
    tell(tenant, message, message)
    with tenant_context(tenant):
        assert CardPayment.objects.get().refunded == 3_000
        assert (standing(customer), open_sums(), account("card_clearing")) == ((3_000, 0), [3_000], 30_000)
        assert verify() == []


def test_a_question_of_the_card_company_takes_nothing(tenant: Tenant, acme: Customer) -> None:
    with tenant_context(tenant):
        payment = collect(intended(saved(acme)))
    message = provider().dispute(payment.gateway_id)
    dispute = dispute_of(payment.gateway_id)
    provider().disputes[dispute] = replace(provider().disputes[dispute], outcome=DisputeOutcome.INQUIRY)
    tell(tenant, message)
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.SUCCEEDED
        assert not CardDispute.objects.exists()
