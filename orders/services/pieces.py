"""What an order consists of: products at today's prices, or the lines of a quote, once (A9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project.errors import Code, Refusal
from orders import rules
from orders.models import Product, Quote
from orders.quote_rules import check_can_be_ordered
from orders.quote_selectors import quote_lines, quote_standing
from orders.rules import OrderedLine


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of an order to be: what is sold singly comes as n of them (A1). Prices as they are entered."""

    product: Product
    quantity: int
    unit_price: int

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


def pieces_of_lines(lines: Sequence[OrderedLine]) -> list[Piece]:
    """The products of the lines with their quantities; what is sold singly comes n times (A1)."""
    rules.check_quantities(lines)
    products = {
        product.sku: product for product in Product.objects.filter(sku__in={line.sku for line in lines})
    }
    pieces = [(_sellable(products, line.sku), line.quantity) for line in lines]
    rules.check_line_count(sum(quantity if product.sold_singly else 1 for product, quantity in pieces))
    return [
        Piece(product, each, product.unit_price)
        for product, quantity in pieces
        for each in ([1] * quantity if product.sold_singly else [quantity])
    ]


def _sellable(products: dict[str, Product], sku: str) -> Product:
    if sku not in products:
        raise Refusal(
            Code.INVALID_INPUT, _("There is no product %(sku)s. Choose one of the catalogue."), sku=sku
        )
    product = products[sku]
    rules.check_sellable(
        product.name, discontinued=product.discontinued, inquiry_required=product.inquiry_required
    )
    return product


def check_quote(quote: Quote, customer: Customer) -> None:
    """Raises Refusal `not_permitted`, `already_decided` or `quote_expired`. It is the customer's turn."""
    if quote.customer_id != customer.pk:
        raise Refusal(Code.NOT_PERMITTED)
    check_can_be_ordered(quote_standing(quote))


def pieces_of_quote(quote: Quote) -> list[Piece]:
    """What was offered holds, also for a product that is no longer sold or needs an inquiry (S8)."""
    lines = quote_lines(quote)
    rules.check_line_count(sum(line.quantity if line.product.sold_singly else 1 for line in lines))
    return [
        Piece(line.product, each, line.unit_price)
        for line in lines
        for each in ([1] * line.quantity if line.product.sold_singly else [line.quantity])
    ]
