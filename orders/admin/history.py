"""What this room tells of a customer's history: orders, what became of them, and quotes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing_project.audit.models import AuditEntry
from billing_project.backoffice.history import Strand, braid
from billing_project.backoffice.words import ACTIONS
from orders.models import Order, OrderState, Quote


def _acts(customer: Any) -> QuerySet[AuditEntry]:
    """What was done to its orders; that they were placed the orders say themselves."""
    orders = Order.objects.filter(customer=customer).values("pk")
    found = AuditEntry.objects.filter(object_kind="order", object_id__in=orders)
    return found.exclude(action="order_placed")


braid(
    Strand(
        "orders",
        pgettext_lazy("admin", "Orders"),
        Order,
        lambda customer: Order.objects.filter(customer=customer),
        at="placed_at",
        what="number",
        code="state",
        words=dict(OrderState.choices),
    )
)
braid(
    Strand(
        "order_acts",
        _("Acts on orders"),
        Order,
        _acts,
        at="at",
        what="object_label",
        code="action",
        who="actor_label",
        key="object_id",
        words=ACTIONS,
    )
)
braid(
    Strand(
        "quotes",
        _("Quotes"),
        Quote,
        lambda customer: Quote.objects.filter(customer=customer),
        at="made_at",
        what="number",
        amount="total",
    )
)
