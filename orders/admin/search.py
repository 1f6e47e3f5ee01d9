"""Orders and quotes by number or sum, products by number or name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from billing_project.backoffice.search import Words, finds
from billing_project.beginnings import number_begins
from billing_project.templatetags.formats import yen_text
from orders.models import Order, Product, Quote


@finds(order=30, note=lambda order: order.customer)
def orders(words: Words) -> QuerySet[Order]:
    """By our number, or the customer's own."""
    found = number_begins("number", words.text) | Q(purchase_order_number=words.text)
    rows: QuerySet[Order] = Order.objects.filter(found).select_related("customer")
    return rows.order_by("-placed_at")


def _quoted(quote: Any) -> str:
    return f"{quote.customer} {yen_text(quote.total)}"


@finds(order=50, note=_quoted)
def quotes(words: Words) -> QuerySet[Quote]:
    found = number_begins("number", words.text)
    if words.amount:
        found |= Q(total=words.amount)
    rows: QuerySet[Quote] = Quote.objects.filter(found).select_related("customer")
    return rows.order_by("-made_at")


@finds(order=60, note=lambda product: product.sku)
def products(words: Words) -> QuerySet[Product]:
    found = Q(sku__istartswith=words.text) | Q(name__icontains=words.text) | Q(name__icontains=words.wide)
    rows: QuerySet[Product] = Product.objects.filter(found)
    return rows.order_by("sku")
