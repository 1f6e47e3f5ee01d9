"""Decisions about quotes (A9). Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from accounts.policy import BillingPolicy
from billing_project.errors import Code, Refusal
from billing_project.money import MAX_YEN
from orders.rules import MAX_COMMENT, OrderedLine, check_quantities

_MINUTE = timedelta(minutes=1)
MAX_LINES = 100


class QuoteStanding(StrEnum):
    OPEN = "open"
    ORDERED = "ordered"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A product by its SKU, how many of it, and the price of one in yen; None: the catalogue's."""

    sku: str
    quantity: int
    unit_price: int | None = None


def check_lines(lines: Collection[QuotedLine], *, by_operator: bool) -> None:
    """Raises Refusal `invalid_input` for quantities or prices that cannot be meant.

    `not_permitted` when anybody but an operator gives a price.
    """
    check_quantities([OrderedLine(line.sku, line.quantity) for line in lines])
    if len(lines) > MAX_LINES:
        raise Refusal(Code.INVALID_INPUT, _("A quote holds up to %(most)s lines."), most=MAX_LINES)
    prices = [line.unit_price for line in lines if line.unit_price is not None]
    if prices and not by_operator:
        raise Refusal(Code.NOT_PERMITTED)
    if any(not 0 <= price <= MAX_YEN for price in prices):
        raise Refusal(Code.INVALID_INPUT, _("Enter a price in whole yen, 0 or more."))


def check_note(note: str) -> None:
    """Raises Refusal `invalid_input` for a text that is too long or cannot be stored."""
    if len(note) > MAX_COMMENT or "\0" in note:
        raise Refusal(Code.INVALID_INPUT, _("Use up to %(most)s characters."), most=MAX_COMMENT)


def valid_until(made_at: datetime, policy: BillingPolicy) -> datetime:
    """The last minute of the quote: so many times 24 hours after the minute it was made (S7).

    Raises Refusal `not_permitted` when the policy knows no quotes.
    """
    if policy.quote_valid_days is None:
        raise Refusal(Code.NOT_PERMITTED, _("Quotes are not made here. Please order from the catalogue."))
    return made_at.replace(second=0, microsecond=0) + timedelta(days=policy.quote_valid_days)


def is_valid(until: datetime, now: datetime) -> bool:
    """That minute is included."""
    return now < until + _MINUTE


def standing(until: datetime, now: datetime, *, ordered: bool) -> QuoteStanding:
    if ordered:
        return QuoteStanding.ORDERED
    return QuoteStanding.OPEN if is_valid(until, now) else QuoteStanding.EXPIRED


def check_can_be_ordered(standing: QuoteStanding) -> None:
    """Raises Refusal `already_decided` when it has become an order, `quote_expired` when its time is over."""
    if standing == QuoteStanding.ORDERED:
        raise Refusal(
            Code.ALREADY_DECIDED,
            _("This quote has already become an order. Ask for a new quote to order once more."),
        )
    if standing == QuoteStanding.EXPIRED:
        raise Refusal(Code.QUOTE_EXPIRED)
