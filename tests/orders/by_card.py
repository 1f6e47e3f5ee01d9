"""Words for tests of orders by card."""

from __future__ import annotations

from typing import Any

from accounts.models import Customer
from ledger.models import CustomerBalance
from orders.models import Order
from payments.models import Card, CardPayment, CardRefund
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import order_of

NOON = at("2026-11-05 12:00")
CREDIT, DEBIT = {"funding": "credit"}, {"funding": "debit"}


def order_by(card: Card, *wanted: tuple[str, int], **fields: Any) -> Order:
    return order_of(card.customer, *wanted, card=card, **fields)


def buyer() -> Customer:
    return make_customer(pays="card", email="keiri@example.com")


def standing(customer: Customer) -> tuple[int, int, int]:
    found = CustomerBalance.objects.get(customer=customer)
    return found.receivable, found.deposit, found.reserved


def states() -> list[str]:
    return list(CardPayment.objects.order_by("pk").values_list("state", flat=True))


def lines(order: Order) -> list[str]:
    return list(order.lines.order_by("position").values_list("state", flat=True))


def refunds() -> list[tuple[int, str]]:
    return list(CardRefund.objects.order_by("pk").values_list("amount", "state"))
