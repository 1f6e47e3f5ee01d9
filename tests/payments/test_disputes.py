"""Chargebacks, in every order of what is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from invoices.models import AllocationSource, Document, OpenItem
from ledger.verification import verify
from orders.services import deliver
from payments.gateways.port import UnknownAnswer
from payments.models import (
    CardDispute,
    CardPayment,
    CardPaymentState,
    CardPurpose,
    CardRefund,
    CardRefundState,
    GatewayEvent,
)
from payments.services.cards import collect, intend_refund, receive_event
from payments.services.cards.events import handle_event
from payments.services.cards.sweeping import talk
from tests.factories import make_customer
from tests.orders.factories import make_shop, order_of
from tests.payments.books import account, open_sums, standing
from tests.payments.cards import intended, provider, saved, tell
from tests.payments.disputes import NOON, collected


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def acme(tenant: Tenant) -> Customer:
    with tenant_context(tenant):
        return make_customer(pays="card")


def test_a_chargeback_opens_the_document_again() -> None:
    """33,000 at delivery, of which the card company takes everything back: owed again by the day it bears."""
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        card = saved(customer)
        deliver(order=order_of(customer, card=card))
        payment, document = CardPayment.objects.get(), Document.objects.get()
        assert open_sums() == [0]
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        item = OpenItem.objects.get()
        assert (item.open_amount, item.due_on) == (33_000, date(2026, 11, 30))
        paid = document.allocations.order_by("pk").values_list("source", "amount")
        assert list(paid) == [(AllocationSource.CARD, 33_000), (AllocationSource.CHARGEBACK, -33_000)]
        assert (standing(customer), account("card_clearing")) == ((33_000, 0), 0)
        assert AuditEntry.objects.filter(action="card_charge_charged_back").count() == 1
        assert verify() == []


def test_a_chargeback_of_a_debit_card_before_delivery_takes_what_was_reserved() -> None:
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        order = order_of(customer, card=saved(customer, funding="debit"))
        payment = collect(CardPayment.objects.get(purpose=CardPurpose.ORDER, reference=order.pk))
        assert standing(customer) == (0, 33_000)
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        assert (standing(customer), account("card_clearing")) == ((0, 0), 0)
        assert verify() == []


def test_a_chargeback_of_a_debit_card_after_delivery_opens_its_document() -> None:
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        order = order_of(customer, card=saved(customer, funding="debit"))
        payment = collect(CardPayment.objects.get(purpose=CardPurpose.ORDER, reference=order.pk))
        deliver(order=order)
        assert standing(customer) == (0, 0)
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        assert open_sums() == [33_000]
        assert (standing(customer), account("card_clearing")) == ((33_000, 0), 0)
        assert verify() == []


def test_what_was_refunded_is_not_charged_back_again(tenant: Tenant, acme: Customer) -> None:
    payment = collected(tenant, acme)
    with tenant_context(tenant):
        intend_refund(card_payment=payment, amount=30_000)
    talk(tenant.pk)
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        assert (standing(acme), account("card_clearing")) == ((0, 0), 0)
        assert verify() == []


def test_a_refund_that_a_dispute_overtakes_is_refused_and_what_was_taken_is_booked(
    tenant: Tenant, acme: Customer
) -> None:
    """All is to go back when the card company takes 500: the provider refuses the refund, so 33,000 - 500
    are with the provider, and the customer's.
    """
    payment = collected(tenant, acme)
    with tenant_context(tenant):
        intend_refund(card_payment=payment, amount=33_000)
    tell(tenant, provider().dispute(payment.gateway_id, 500))
    with tenant_context(tenant):
        assert CardRefund.objects.get().state == CardRefundState.FAILED
        assert (standing(acme), account("card_clearing")) == ((0, 32_500), 32_500)
        assert verify() == []


def test_a_charge_too_late_that_is_disputed_before_it_was_given_back(tenant: Tenant, acme: Customer) -> None:
    card = saved(acme, confirms_from=1)
    with tenant_context(tenant):
        payment = collect(intended(card))
        CardPayment.objects.update(state=CardPaymentState.RELEASED)
    provider().answer_holder(payment.gateway_id)
    tell(tenant, provider().dispute(payment.gateway_id, 500))
    with tenant_context(tenant):
        assert (standing(acme), account("card_clearing")) == ((0, 32_500), 32_500)
        assert verify() == []


def test_a_dispute_waits_for_the_answer_about_a_refund(tenant: Tenant, acme: Customer) -> None:
    """30,000 were given back, which nobody heard; the 3,000 that were left are taken, and no more."""
    payment = collected(tenant, acme)
    with tenant_context(tenant):
        intend_refund(card_payment=payment, amount=30_000)
    provider().lose["refund"] = 2
    talk(tenant.pk)
    body, signature = provider().dispute(payment.gateway_id)
    receive_event(tenant=tenant, body=body, signature=signature)
    with tenant_context(tenant):
        [event] = GatewayEvent.objects.filter(handled_at=None)
    with pytest.raises(UnknownAnswer):
        handle_event(event)
    with tenant_context(tenant):
        assert not CardDispute.objects.exists()
    handle_event(event)
    with tenant_context(tenant):
        assert CardDispute.objects.get().amount == 3_000
        assert CardRefund.objects.get().state == CardRefundState.SUCCEEDED
        assert (standing(acme), account("card_clearing")) == ((0, 0), 0)
        assert verify() == []
