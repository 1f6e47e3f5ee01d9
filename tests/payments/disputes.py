"""Charges of 33,000 yen at noon of 2026-11-10, and what is told of their disputes."""

from __future__ import annotations

from accounts.models import Customer, Tenant
from billing_project.tenancy.context import tenant_context
from ledger.models import Entry, Reason
from orders.models import Order
from orders.services import deliver
from payments.models import (
    CardPayment,
)
from payments.services.cards import collect
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import make_shop, order_of
from tests.payments.cards import intended, provider, saved

NOON = at("2026-11-10 12:00")
Message = tuple[bytes, str]


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
