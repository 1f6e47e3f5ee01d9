"""Two at once on the same money: one deposit, one refund, one delivery; each as if the other came first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import Tenant
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from ledger.models import CustomerBalance
from ledger.verification import verify
from orders.models import Order, OrderState, PendingDelivery
from orders.services import deliver
from payments.gateways import using
from payments.gateways.playing import PlayingGateway
from payments.models import CardPayment, CardPaymentState, CardRefund
from payments.services import let_customer_leave, receive_transfer
from payments.services.cards import collect
from payments.services.cards.sweeping import talk
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import order_of
from tests.payments.cards import saved
from tests.rivals import Rival, side_by_side

NOON = at("2026-11-05 12:00")


def codes(rivals: list[Rival]) -> list[Code | None]:
    for each in rivals:
        assert each.error is None or isinstance(each.error, Refusal), each.error
    return sorted((each.error.code if isinstance(each.error, Refusal) else None for each in rivals), key=str)


def order_with_card(tenant: Tenant, **card: str) -> Order:
    with clock.frozen(NOON), tenant_context(tenant):
        customer = make_customer(pays="card")
        return order_of(customer, card=saved(customer, **card))


def settled(tenant: Tenant) -> None:
    with clock.frozen(NOON):
        talk(tenant.pk)
    with tenant_context(tenant):
        assert verify() == []


def test_two_orders_cannot_reserve_the_same_deposit(tenant: Tenant) -> None:
    with clock.frozen(NOON), tenant_context(tenant):
        customer = make_customer(pays="deposit")
        receive_transfer(
            amount=33_000, payer_name="ｱ", received_on=NOON.date(), reference="1", customer=customer
        )
        order_of(customer)
        rival = Rival(tenant, NOON, lambda: order_of(customer)).start()
        assert rival.waits(), "Without the balance's lock it would see the deposit still free."
    rival.join()
    assert codes([rival]) == [Code.INSUFFICIENT_DEPOSIT]
    with tenant_context(tenant):
        assert CustomerBalance.objects.get(customer=customer).reserved == 33_000


def test_who_leaves_meanwhile_does_not_order(tenant: Tenant) -> None:
    with tenant_context(tenant):
        customer = make_customer()
    with clock.frozen(NOON), tenant_context(tenant):
        let_customer_leave(customer=customer)
        rival = Rival(tenant, NOON, lambda: order_of(customer)).start()
        assert rival.waits()
    rival.join()
    assert codes([rival]) == [Code.NOT_PERMITTED]
    with tenant_context(tenant):
        assert not Order.objects.exists()


def test_many_orders_at_once_take_a_deposit_once(tenant: Tenant) -> None:
    with clock.frozen(NOON), tenant_context(tenant):
        customer = make_customer(pays="deposit")
        receive_transfer(
            amount=33_000, payer_name="ｱ", received_on=NOON.date(), reference="1", customer=customer
        )
    done = side_by_side(tenant, NOON, [lambda: order_of(customer)] * 4)
    assert codes(done).count(None) == 1


@pytest.mark.parametrize("funding", ["credit", "debit"])
def test_cancelled_twice_at_once_it_is_refunded_once(tenant: Tenant, funding: str) -> None:
    order = order_with_card(tenant, funding=funding)
    with clock.frozen(NOON):
        deliver(order=order)
    done = side_by_side(tenant, NOON, [lambda: cancel(order=order)] * 3)
    assert codes(done).count(None) == 1
    settled(tenant)
    with tenant_context(tenant):
        assert CardRefund.objects.count() == 1


def test_a_cancellation_waits_for_the_answer_that_is_being_written_down(tenant: Tenant) -> None:
    order = order_with_card(tenant)
    with clock.frozen(NOON), tenant_context(tenant):
        deliver(order=order)
        rival = Rival(tenant, NOON, lambda: cancel(order=order)).start()
        assert rival.waits(), "Without the order's lock it would find the line open, and refund nothing."
    rival.join()
    assert rival.error is None
    settled(tenant)
    with tenant_context(tenant):
        assert CardRefund.objects.get().amount == 33_000


def test_an_answer_that_comes_after_a_cancellation_goes_back(tenant: Tenant) -> None:
    order = order_with_card(tenant)
    gateway = _answering_late()
    with clock.frozen(NOON), using(gateway):
        deliver(order=order)
    with tenant_context(tenant):
        payment = CardPayment.objects.get()
        assert payment.state == CardPaymentState.INTENDED
    with clock.frozen(NOON), tenant_context(tenant):
        cancel(order=order)
        rival = Rival(tenant, NOON, lambda: collect(payment)).start()
        rival.waits()
    rival.join()
    assert rival.error is None
    with tenant_context(tenant):
        order.refresh_from_db()
        assert order.state == OrderState.CANCELLED
        assert verify() == []


def test_delivered_and_cancelled_at_once(tenant: Tenant) -> None:
    """Whoever comes first: delivered and refunded, or never charged, or charged too late and given back."""
    for _ in range(3):
        order = order_with_card(tenant)
        acts: list[Callable[..., object]] = [partial(deliver, order=order), partial(cancel, order=order)]
        codes(side_by_side(tenant, NOON, acts))
        settled(tenant)
        settled(tenant)
        with tenant_context(tenant):
            order.refresh_from_db()
            assert order.state == OrderState.CANCELLED
            standing = CustomerBalance.objects.get(customer=order.customer_id)
            assert (standing.receivable, standing.deposit, standing.reserved) == (0, 0, 0)
            assert not PendingDelivery.objects.filter(order=order, state="waiting").exists()


def _answering_late() -> PlayingGateway:
    """The provider does not answer the first charge."""
    gateway = PlayingGateway()
    gateway.away = True
    return gateway
