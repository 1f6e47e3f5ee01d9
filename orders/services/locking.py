"""Taking an order before it is judged, and writing the state that its lines give it.

The order of locks is everywhere: billing gate, order, customer balance.
"""

from __future__ import annotations

from orders.models import Order, OrderLine
from orders.rules import order_state


def lock_order(order: Order) -> Order:
    """The order as it stands now, locked to the end of the transaction."""
    locked: Order = Order.objects.select_for_update().get(pk=order.pk)
    return locked


def settle_state(order: Order) -> None:
    """Gives a locked order the state that follows from its lines."""
    order.state = order_state(OrderLine.objects.filter(order=order).values_list("state", flat=True))
    order.save(update_fields=["state"])
