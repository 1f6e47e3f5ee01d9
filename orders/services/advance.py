"""Orders paid in advance by transfer: what arrived is theirs, the oldest first (A20)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from accounts.models import Operator, OperatorRole
from accounts.policy.choices import PaymentMethod
from billing_project.outbox.services import enqueue
from ledger.services import lock_balance
from orders.models import Order
from orders.rules import WAITING
from orders.selectors import missing_for
from orders.services.reserving import claim_deposit, reserved_for, use_reserved


def money_arrived(customer_ids: Collection[int], **_signal: Any) -> None:
    """Free deposit goes to the orders that wait for it; for one that it does not cover, all are told.

    Orders change only under their customer's balance, which whoever books money has locked.
    """
    waiting = Order.objects.filter(
        customer_id__in=customer_ids, payment_method=PaymentMethod.ADVANCE_TRANSFER, state__in=WAITING
    )
    for order in waiting.order_by("customer_id", "pk"):
        taken = claim_deposit(order, lock_balance(order.customer_id))
        if taken and missing_for(order):
            _tell_missing(order)


def money_goes_back(customer_id: int, amount: int, **_signal: Any) -> None:
    """Orders paid in advance give up what arrived for them, the newest first; they wait for it again."""
    waiting = Order.objects.filter(
        customer_id=customer_id, payment_method=PaymentMethod.ADVANCE_TRANSFER, state__in=WAITING
    )
    for order in waiting.order_by("-pk"):
        given_up = min(amount, reserved_for(order))
        use_reserved(order, given_up)
        amount -= given_up


def _tell_missing(order: Order) -> None:
    """Once for each sum that has come so far."""
    occasion = f"advance_short:{order.pk}:{reserved_for(order)}"
    missing = missing_for(order)
    enqueue(occasion=f"{occasion}:contact", kind="advance_short", reference=order.pk, missing=missing)
    operators = Operator.objects.filter(is_active=True).exclude(role=OperatorRole.SUPPORT)
    for pk in operators.order_by("pk").values_list("pk", flat=True):
        enqueue(
            occasion=f"{occasion}:operator:{pk}",
            kind="advance_short_told",
            reference=order.pk,
            missing=missing,
            operator=pk,
        )
