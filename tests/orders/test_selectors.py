"""What the screens ask about orders."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Customer, Role
from billing_project import clock
from orders.models import Order, OrderState
from orders.selectors import catalogue, figures_of, lines_of, order_by_public_id, orders
from orders.services import create_product, deliver, expire_orders
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import make_member, order_of

pytestmark = pytest.mark.usefixtures("in_tenant")


@pytest.fixture
def acme() -> Customer:
    return make_customer("株式会社アクメ")


@pytest.fixture
def beta() -> Customer:
    return make_customer("ベータ合同会社")


def numbers(**asked: object) -> list[str]:
    return [order.number[-1] for order in orders(**asked)]  # type: ignore[arg-type]


def test_finding_orders(acme: Customer, beta: Customer) -> None:
    requester = make_member(acme, [Role.REQUESTER])
    placed: list[tuple[Customer, str, dict[str, Any]]] = [
        (acme, "DV-1Y", {"purchase_order_number": "PO-77"}),
        (acme, "WC-1Y", {"member": requester}),
        (beta, "DV-1Y", {}),
    ]
    for minute, (customer, sku, options) in enumerate(placed):
        with clock.frozen(at(f"2026-11-01 10:0{minute}")):
            order_of(customer, (sku, 2), **options)
    assert numbers() == ["3", "2", "1"]
    assert numbers(customer=acme) == ["2", "1"]
    assert numbers(customer=acme, member=requester) == ["2"]
    assert numbers(search="po-77") == ["1"]
    assert numbers(search="ワイルドカード") == ["2"]
    assert numbers(search=" dv-1y ") == ["3", "1"]
    assert numbers(search="ベータ") == ["3"]
    assert numbers(search="O-2026-000002") == ["2"]
    assert numbers(search="nowhere") == []
    assert [(vars(order)["line_count"], vars(order)["amount"]) for order in orders()] == [
        (2, 60_000),
        (2, 197_530),
        (2, 60_000),
    ]


def test_by_state(acme: Customer) -> None:
    with clock.frozen(at("2026-11-01 10:00")):
        delivered, _waiting = order_of(acme), order_of(acme)
        deliver(order=delivered)
    assert numbers(state=OrderState.DELIVERED) == ["1"]
    assert numbers(state=OrderState.OPEN) == ["2"]


def test_only_the_customers_own(acme: Customer, beta: Customer) -> None:
    order = Order.objects.get(pk=order_of(acme).pk)
    assert order_by_public_id(order.public_id) == order
    assert order_by_public_id(order.public_id, customer=acme) == order
    assert order_by_public_id(order.public_id, customer=beta) is None
    assert order_by_public_id(uuid4()) is None


def test_figures_of_what_stands(acme: Customer) -> None:
    create_product(sku="WATER", name="飲料水", unit_price=2_980, tax_category="reduced", sold_singly=False)
    with clock.frozen(at("2026-11-01 10:00")):
        order = order_of(acme, ("DV-1Y", 1), ("WATER", 3))
    figures = figures_of(order)
    assert [(each.net, each.tax) for each in figures.sums] == [(30_000, 3_000), (8_940, 715)]
    assert (figures.net, figures.tax, figures.total) == (38_940, 3_715, 42_655)
    assert figures_of(order, lines_of(order)[1:]).total == 9_655
    with clock.frozen(at("2026-11-20 10:00")):
        deliver(order=order, line_position=1)
    with clock.frozen(at("2026-12-01 00:00")):
        expire_orders(at("2026-12-01 00:00").date())
    assert figures_of(order).total == 33_000


def test_the_catalogue_holds_what_is_sold() -> None:
    create_product(sku="OLD", name="旧製品", unit_price=100, discontinued=True)
    assert [product.sku for product in catalogue()] == ["DV-1Y", "WC-1Y"]
