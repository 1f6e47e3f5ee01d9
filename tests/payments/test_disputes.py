"""Chargebacks, and disputes that are won, in every order of what is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import AllocationSource, Document, OpenItem
from ledger.models import Entry, Reason
from ledger.verification import verify
from orders.models import Order
from orders.services import deliver
from payments.gateways.port import EventAbout, UnknownAnswer
from payments.models import (
    CardDispute,
    CardDisputeState,
    CardPayment,
    CardPaymentState,
    CardPurpose,
    CardRefund,
    CardRefundState,
    GatewayEvent,
)
from payments.services import receive_transfer
from payments.services.cards import collect, intend_refund, receive_event
from payments.services.cards.events import handle_event
from payments.services.cards.sweeping import talk
from payments.services.dunning import write_off
from tests.acts import at
from tests.factories import make_customer
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


def delivered(funding: str = "credit") -> tuple[Tenant, Customer, Order, CardPayment]:
    """33,000 yen by card, delivered."""
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        order = order_of(customer, card=saved(customer, funding=funding))
    deliver(order=order)
    with tenant_context(tenant):
        return tenant, customer, order, CardPayment.objects.get()


def collected(tenant: Tenant, customer: Customer) -> CardPayment:
    """33,000 yen charged, which are deposit."""
    card = saved(customer)
    with tenant_context(tenant):
        return collect(intended(card))


def dispute_of(payment: CardPayment) -> str:
    return next(each.id for each in provider().disputes.values() if each.charge == payment.gateway_id)


def won(payment: CardPayment) -> Message:
    return provider().close_dispute(dispute_of(payment))


def entries(reason: Reason) -> int:
    return int(Entry.objects.filter(reason=reason).count())


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


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize("decided_at_once", [False, True])
def test_a_won_dispute_ends_as_if_it_had_never_been(order: tuple[int, ...], decided_at_once: bool) -> None:
    """Opened, withdrawn, closed: told in any order, each twice, while it runs and after it was decided."""
    tenant, customer, _order, payment = delivered()
    opened = provider().dispute(payment.gateway_id)
    repeated = provider().event(
        "charge.dispute.updated", EventAbout.DISPUTE, dispute_of(payment), charge=payment.gateway_id
    )
    if not decided_at_once:
        tell(tenant, opened)
    messages = [opened, repeated, won(payment)]
    tell(tenant, *(messages[index] for index in order * 2))
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.SUCCEEDED
        assert (standing(customer), account("card_clearing"), open_sums()) == ((0, 0), 33_000, [0])
        booked = 0 if decided_at_once else 1
        assert (entries(Reason.CHARGEBACK), entries(Reason.CHARGEBACK_REVERSED)) == (booked, booked)
        assert CardDispute.objects.get().state == CardDisputeState.WON
        assert verify() == []


def test_a_lost_dispute_stays_as_it_was_booked() -> None:
    tenant, customer, _order, payment = delivered()
    tell(tenant, provider().dispute(payment.gateway_id))
    tell(tenant, provider().close_dispute(dispute_of(payment), won=False))
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.CHARGED_BACK
        assert (standing(customer), account("card_clearing")) == ((33_000, 0), 0)
        assert CardDispute.objects.get().state == CardDisputeState.LOST
        assert verify() == []


def test_what_was_paid_meanwhile_makes_what_comes_back_a_deposit() -> None:
    tenant, customer, _order, payment = delivered()
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        receive_transfer(
            amount=13_000,
            payer_name="ｶ)ｱｸﾒ",
            received_on=date(2026, 11, 10),
            reference="1",
            customer=customer,
        )
        assert open_sums() == [20_000]
    tell(tenant, won(payment))
    with tenant_context(tenant):
        assert (standing(customer), open_sums()) == ((0, 13_000), [0])
        assert account("card_clearing") == 33_000
        assert verify() == []


def test_what_was_written_off_meanwhile_is_recovered() -> None:
    tenant, customer, _order, payment = delivered()
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        write_off(document=Document.objects.get(), reason="倒産")
    tell(tenant, won(payment))
    with tenant_context(tenant):
        assert (standing(customer), account("bad_debt"), account("card_clearing")) == ((0, 0), 0, 33_000)
        assert verify() == []


def test_cancelled_meanwhile_it_goes_back_to_the_card() -> None:
    """The return lowers what the chargeback opened; what the won dispute brings is the customer's (A14)."""
    tenant, customer, order, payment = delivered()
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        cancel(order=order)
        assert (standing(customer), open_sums()) == ((0, 0), [0])
    tell(tenant, won(payment))
    talk(tenant.pk)
    with tenant_context(tenant):
        refund = CardRefund.objects.get()
        assert (refund.amount, refund.state) == (33_000, CardRefundState.SUCCEEDED)
        assert (standing(customer), account("card_clearing")) == ((0, 0), 0)
        assert verify() == []


def test_a_debit_order_has_its_claim_again() -> None:
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        order = order_of(customer, card=saved(customer, funding="debit"))
        payment = CardPayment.objects.get()
    tell(tenant, provider().dispute(payment.gateway_id))
    tell(tenant, won(payment))
    deliver(order=order)
    with tenant_context(tenant):
        assert (standing(customer), open_sums(), account("card_clearing")) == ((0, 0), [0], 33_000)
        assert verify() == []


def test_bad_debt_of_a_chargeback_is_taken_back() -> None:
    """33,000 that had become deposit and was used elsewhere: nothing is left to ask for."""
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        payment = collect(intended(saved(customer)))
        order_of(customer, payment_method="deposit")
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        assert (account("bad_debt"), standing(customer)) == (33_000, (0, 33_000))
    tell(tenant, won(payment))
    with tenant_context(tenant):
        assert (account("bad_debt"), standing(customer)) == (0, (0, 33_000))
        assert account("card_clearing") == 33_000
        assert verify() == []
