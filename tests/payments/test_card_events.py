"""Events of the provider: stored once, in any order, from many sides at once; chargebacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from ledger.models import Entry, Reason
from ledger.verification import verify
from payments.gateways.port import EventAbout
from payments.models import (
    Card,
    CardPayment,
    CardPaymentState,
    CardRefundState,
    CardSetup,
    CardSetupState,
    GatewayEvent,
)
from payments.selectors.cards import stuck_events
from payments.services.cards import collect, finish_setup, intend_refund, receive_event, refresh
from payments.services.cards.events import handle_event
from payments.services.cards.sweeping import talk
from tests.acts import at
from tests.factories import make_customer, make_tenant
from tests.payments.books import account, standing
from tests.payments.cards import PlayingCard, intended, provider, saved, visit
from tests.rivals import side_by_side

NOON = at("2026-11-10 12:00")
SUCCEEDED, FAILED = "payment_intent.succeeded", "payment_intent.payment_failed"
MANY = 20


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def acme(tenant: Tenant) -> Customer:
    with tenant_context(tenant):
        return make_customer(pays="card")


def unanswered(acme: Customer) -> tuple[CardPayment, str]:
    """A charge whose answer was lost, and what the provider calls it."""
    card = saved(acme)
    with tenant_context(acme.tenant_id):
        payment = intended(card)
    provider().lose["charge"] = 1
    collect(payment)
    (charge,) = (each.seen.id for each in provider().charges.values() if each.wish.card == card.gateway_id)
    return payment, charge


def told(tenant: Tenant, kind: str, about: EventAbout, subject: str, **more: str) -> tuple[bytes, str]:
    return provider().event(kind, about, subject, tenant=tenant.slug, **more)


def receive(tenant: Tenant, message: tuple[bytes, str]) -> bool:
    return receive_event(tenant=tenant, body=message[0], signature=message[1])


def post(tenant: Tenant, body: bytes, signature: str) -> int:
    client = Client(HTTP_HOST=f"{tenant.slug}.localhost", enforce_csrf_checks=True)
    answer = client.post(
        "/webhooks/stripe/", body, "application/json", headers={"Stripe-Signature": signature}
    )
    return answer.status_code


def events(tenant: Tenant) -> list[tuple[str, bool, str]]:
    with tenant_context(tenant):
        rows = GatewayEvent.objects.order_by("pk").values_list("kind", "handled_at", "error")
        return [(kind, handled is not None, error) for kind, handled, error in rows]


def booked(payment: CardPayment) -> int:
    return int(Entry.objects.filter(reason=Reason.CARD_CHARGED, source_id=payment.pk).count())


def test_an_event_tells_what_the_lost_answer_would_have(tenant: Tenant, acme: Customer) -> None:
    payment, charge = unanswered(acme)
    body, signature = told(tenant, SUCCEEDED, EventAbout.CHARGE, charge, key=str(payment.public_id))
    assert post(tenant, body, signature) == 200
    assert post(tenant, body, signature) == 200
    talk(tenant.pk)
    talk(tenant.pk)
    assert events(tenant) == [(SUCCEEDED, True, "")]
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert (payment.state, payment.gateway_id) == (CardPaymentState.SUCCEEDED, charge)
        assert booked(payment) == 1
        assert verify() == []


def test_a_message_with_a_wrong_signature_is_not_stored(tenant: Tenant) -> None:
    body, signature = told(tenant, SUCCEEDED, EventAbout.CHARGE, "pi_1")
    assert post(tenant, body, "wrong") == 400
    assert post(tenant, body + b" ", signature) == 400
    assert events(tenant) == []


def test_only_posted_messages_are_taken(tenant: Tenant) -> None:
    assert Client(HTTP_HOST=f"{tenant.slug}.localhost").get("/webhooks/stripe/").status_code == 405


def test_what_is_another_tenants_is_not_stored(tenant: Tenant, acme: Customer) -> None:
    _payment, charge = unanswered(acme)
    other = make_tenant()
    assert not receive(other, told(tenant, SUCCEEDED, EventAbout.CHARGE, charge))
    assert not receive(other, provider().dispute(charge))
    assert events(other) == []


def test_an_event_of_something_unknown_waits_for_a_person(tenant: Tenant) -> None:
    receive(tenant, told(tenant, "refund.updated", EventAbout.REFUND, "re_unknown", key="no key"))
    receive(tenant, told(tenant, "customer.created", EventAbout.OTHER, "cus_1"))
    talk(tenant.pk)
    assert [handled for _kind, handled, _error in events(tenant)] == [False, True]
    with tenant_context(tenant):
        assert stuck_events().count() == 1


def test_an_event_waits_while_the_provider_is_away(tenant: Tenant, acme: Customer) -> None:
    """It is tried again after a minute, then after two."""
    payment, charge = unanswered(acme)
    receive(tenant, told(tenant, SUCCEEDED, EventAbout.CHARGE, charge, key=str(payment.public_id)))
    provider().away = True
    try:
        for seconds in (0, 59, 60, 179):
            with clock.frozen(NOON + timedelta(seconds=seconds)):
                talk(tenant.pk)
    finally:
        provider().away = False
    assert events(tenant) == [(SUCCEEDED, False, "UnknownAnswer: The provider cannot be reached.")]
    with tenant_context(tenant):
        assert GatewayEvent.objects.get().tries == 2
    with clock.frozen(NOON + timedelta(seconds=180)):
        talk(tenant.pk)
    assert events(tenant) == [(SUCCEEDED, True, "")]


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_events_in_every_order_come_to_the_same(
    tenant: Tenant, acme: Customer, order: tuple[int, ...]
) -> None:
    """Charged, its refusal told late, charged back: whatever comes first, and twice."""
    payment, charge = unanswered(acme)
    key = str(payment.public_id)
    with tenant_context(tenant):
        CardPayment.objects.filter(pk=payment.pk).update(gateway_id=charge)
    messages = [
        told(tenant, SUCCEEDED, EventAbout.CHARGE, charge, key=key),
        told(tenant, FAILED, EventAbout.CHARGE, charge, key=key),
        told(tenant, "payment_intent.requires_action", EventAbout.CHARGE, charge, key=key),
        provider().dispute(charge),
    ]
    for index in order * 2:
        assert receive(tenant, messages[index])
        talk(tenant.pk)
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.CHARGED_BACK
        assert booked(payment) == 1
        assert Entry.objects.filter(reason=Reason.CHARGEBACK).count() == 1
        assert (standing(acme), account("card_clearing")) == ((0, 0), 0)
        assert verify() == []


def test_one_event_twenty_times_at_once_has_one_effect(tenant: Tenant, acme: Customer) -> None:
    payment, charge = unanswered(acme)
    message = told(tenant, SUCCEEDED, EventAbout.CHARGE, charge, key=str(payment.public_id))

    def tell() -> None:
        receive_event(tenant=tenant, body=message[0], signature=message[1])
        talk(tenant.pk)

    rivals = side_by_side(tenant, NOON, [tell] * MANY)
    assert [rival.error for rival in rivals] == [None] * MANY
    talk(tenant.pk)
    assert events(tenant) == [(SUCCEEDED, True, "")]
    with tenant_context(tenant):
        assert booked(payment) == 1
        assert AuditEntry.objects.filter(action="card_charge_succeeded").count() == 1
        assert verify() == []


def test_a_stored_event_handled_by_many_at_once_has_one_effect(tenant: Tenant, acme: Customer) -> None:
    payment, charge = unanswered(acme)
    receive(tenant, told(tenant, SUCCEEDED, EventAbout.CHARGE, charge, key=str(payment.public_id)))
    with tenant_context(tenant):
        row = GatewayEvent.objects.get()
    rivals = side_by_side(tenant, NOON, [lambda: handle_event(row)] * MANY)
    assert [rival.error for rival in rivals] == [None] * MANY
    with tenant_context(tenant):
        assert booked(payment) == 1
        assert AuditEntry.objects.filter(action="card_charge_succeeded").count() == 1
        assert verify() == []


def test_the_event_and_the_return_page_save_one_card(tenant: Tenant, acme: Customer) -> None:
    setup = visit(acme)
    provider().enter(setup.session, PlayingCard())
    kind = "checkout.session.completed"
    receive(tenant, told(tenant, kind, EventAbout.SETUP, setup.session, key=str(setup.public_id)))
    acts = [lambda: finish_setup(setup), lambda: talk(tenant.pk)] * 4
    rivals = side_by_side(tenant, NOON, acts)
    assert [rival.error for rival in rivals] == [None] * 8
    with tenant_context(tenant):
        assert Card.objects.count() == 1
        assert CardSetup.objects.get().state == CardSetupState.SAVED
        assert AuditEntry.objects.filter(action="card_saved").count() == 1
    assert events(tenant) == [(kind, True, "")]


@pytest.mark.parametrize(("agrees", "state"), [(True, "succeeded"), (False, "failed")])
def test_the_holders_answer_is_known_by_the_event_and_the_return_page(
    tenant: Tenant, acme: Customer, agrees: bool, state: str
) -> None:
    card = saved(acme, confirms_from=1)
    with tenant_context(tenant):
        payment = collect(intended(card))
    provider().answer_holder(payment.gateway_id, agrees=agrees)
    receive(tenant, told(tenant, SUCCEEDED, EventAbout.CHARGE, payment.gateway_id))
    acts = [lambda: refresh(payment), lambda: talk(tenant.pk)] * 2
    assert [rival.error for rival in side_by_side(tenant, NOON, acts)] == [None] * 4
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert payment.state == state
        assert booked(payment) == (1 if agrees else 0)


def test_a_refund_that_fails_after_it_was_booked_is_deposit_again(tenant: Tenant, acme: Customer) -> None:
    card = saved(acme)
    with tenant_context(tenant):
        payment = collect(intended(card))
        refund = intend_refund(card_payment=payment, amount=33_000)
    talk(tenant.pk)
    with tenant_context(tenant):
        refund.refresh_from_db()
        assert (refund.state, standing(acme)) == (CardRefundState.SUCCEEDED, (0, 0))
    failed = provider().fail_refund(refund.gateway_id)
    for _again in range(2):
        receive(tenant, failed)
        talk(tenant.pk)
    with tenant_context(tenant):
        refund.refresh_from_db()
        payment.refresh_from_db()
        assert (refund.state, payment.refunded) == (CardRefundState.FAILED, 0)
        assert (standing(acme), account("card_clearing")) == ((0, 33_000), 33_000)
        assert verify() == []
