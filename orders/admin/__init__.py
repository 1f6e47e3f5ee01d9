"""The operators' pages about products, orders and imported sales."""

from orders.admin import (
    figures,
    history,
    inbox,
    order_acts,
    orders,
    payment,
    products,
    quote_requests,
    quotes,
    search,
    uploads,
)

__all__ = [
    "figures",
    "history",
    "inbox",
    "order_acts",
    "orders",
    "payment",
    "products",
    "quote_requests",
    "quotes",
    "search",
    "uploads",
]
