"""Taking an order before it is judged, and writing the state that its lines give it.

The order of locks is everywhere: billing gate, order, card payment, customer balance.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from orders.models import Order, OrderLine, PendingDelivery
from orders.rules import order_state
from payments.models import CardPayment, CardPurpose


def lock_order(order: Order) -> Order:
    """The order as it stands now, locked to the end of the transaction."""
    locked: Order = Order.objects.select_for_update().get(pk=order.pk)
    return locked


def lock_orders(wanted: QuerySet[Order]) -> list[Order]:
    """The orders among them that are still such when it is their turn, locked, with their card payments."""
    orders = list(wanted.select_for_update(of=("self",)).order_by("pk"))
    lock_card_payments([order.pk for order in orders])
    return orders


def lock_card_payments(order_ids: Collection[int]) -> None:
    """Locks what cards were or may be charged with for these orders; after the orders, before balances."""
    deliveries = PendingDelivery.objects.filter(order__in=order_ids).values("pk")
    of_orders = Q(purpose=CardPurpose.ORDER, reference__in=order_ids)
    of_deliveries = Q(purpose=CardPurpose.DELIVERY, reference__in=deliveries)
    found = CardPayment.objects.filter(of_orders | of_deliveries).select_for_update()
    list(found.order_by("pk").values_list("pk", flat=True))


def settle_state(order: Order) -> None:
    """Gives a locked order the state that follows from its lines."""
    order.state = order_state(OrderLine.objects.filter(order=order).values_list("state", flat=True))
    order.save(update_fields=["state"])
