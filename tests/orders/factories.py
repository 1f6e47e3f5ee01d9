"""Orders as tests make them: of the shop's catalogue, in the current tenant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.models import Customer, Issuer, Member, Tenant
from accounts.services import add_member
from billing_project.tenancy.context import tenant_context
from orders.models import Order
from orders.services import OrderedLine, place_order
from tests.factories import make_customer, make_tenant, make_user


def make_shop(**options: Any) -> Tenant:
    """A certificate shop that is a registered issuer: its documents state tax."""
    tenant = make_tenant(**options)
    with tenant_context(tenant):
        Issuer.objects.update(registration_number="T1234567890123")
    return tenant


def make_member(customer: Customer, roles: list[str] | None = None) -> Member:
    return add_member(customer=customer, user=make_user(), name="購買 花子", roles=roles)


def order_of(
    customer: Customer | None = None,
    *wanted: tuple[str, int],
    member: Member | None = None,
    submission: UUID | None = None,
    **fields: Any,
) -> Order:
    """An order of (sku, quantity) pairs, by default one DV-1Y (30,000 yen) of a customer of its own."""
    return place_order(
        customer=customer or make_customer(),
        member=member,
        lines=[OrderedLine(sku, quantity) for sku, quantity in wanted or [("DV-1Y", 1)]],
        submission=submission,
        **fields,
    )
