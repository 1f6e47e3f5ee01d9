"""Questions about quotes, asked in the tenant's context."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Customer, Member
from accounts.policy.choices import TaxCategory
from accounts.rules import Right, may
from billing_project import clock
from invoices.tax import TaxSum
from orders.models import (
    Order,
    OrderLine,
    OrderState,
    Quote,
    QuoteLine,
    QuoteRequest,
    QuoteRequestState,
    QuoteTax,
)
from orders.quote_rules import QuoteStanding, standing


def quotes(*, customer: Customer | None = None, member: Member | None = None) -> QuerySet[Any]:
    """Newest first, with `ordered`: whether an order came of it that stands, or was delivered."""
    found: QuerySet[Quote] = Quote.objects.select_related("customer", "addressee", "member", "issuer")
    if customer is not None:
        found = found.filter(customer=customer)
    if member is not None:
        found = found.filter(member=member)
    found = found.order_by("-made_at", "-id")
    return found.annotate(ordered=Exists(_using(OuterRef("pk"))))


def visible_quotes(member: Member) -> QuerySet[Any]:
    """The company's quotes; a member without the right to see all orders sees its own (S3)."""
    own = None if may(member.roles, Right.SEE_ALL_ORDERS) else member
    return quotes(customer=member.customer, member=own)


def quote_standing(quote: Quote) -> QuoteStanding:
    """Whether it can still be ordered, now."""
    ordered = _using(quote.pk).exists()
    return standing(quote.valid_until, clock.now(), ordered=ordered)


def _using(quote: Any) -> QuerySet[Order]:
    """The orders that use a quote up; one that ended before anything of it was delivered does not."""
    delivered = OrderLine.objects.filter(order=OuterRef("pk"), charge__isnull=False)
    ended = Q(state__in=(OrderState.CANCELLED, OrderState.EXPIRED))
    orders: QuerySet[Order] = Order.objects.filter(quote__isnull=False, quote=quote)
    return orders.filter(~ended | Exists(delivered))


def quote_lines(quote: Quote) -> list[QuoteLine]:
    return list(QuoteLine.objects.filter(quote=quote).select_related("product").order_by("position"))


def quote_sums(quote: Quote) -> list[TaxSum]:
    """Net and tax per rate as the quote states them."""
    taxes = QuoteTax.objects.filter(quote=quote).order_by("-tax_rate", "pk")
    return [TaxSum(TaxCategory(tax.tax_category), tax.tax_rate, tax.net, tax.tax) for tax in taxes]


def waiting_requests() -> QuerySet[QuoteRequest]:
    found: QuerySet[QuoteRequest] = QuoteRequest.objects.filter(state=QuoteRequestState.WAITING)
    return found.order_by("asked_at")
