"""What this room tells of a customer's history: orders, what became of them, and quotes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing_project.backoffice.history import braid_acts, braid_rows
from orders.models import Order, Quote

braid_rows("orders", pgettext_lazy("admin", "Orders"), Order, at="placed_at", what="number", code="state")
# That they were placed the orders say themselves.
braid_acts("order_acts", _("Acts on orders"), Order, kind="order", without=["order_placed"])
braid_rows("quotes", _("Quotes"), Quote, at="made_at", what="number", amount="total")
