"""Decisions about orders. Pure: policies and days come in, no database, no clock. Days are the tenant's."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod, TaxCategory
from billing_project.calendar import last_day_of_window
from billing_project.errors import Code, Refusal
from billing_project.money import Rounding
from invoices.tax import TaxLine, TaxSum, summarise
from orders.models import LineState, OrderState
from payments.models import Card, Funding

LATER_METHODS = frozenset({PaymentMethod.LATER_TRANSFER})
"""Methods of those who pay later: allowed by an operator (A1), within the credit limit (S6)."""

PAID_BY_DELIVERY = frozenset({PaymentMethod.CARD, PaymentMethod.DEPOSIT, PaymentMethod.ADVANCE_TRANSFER})
"""Methods whose delivery is paid for when it is made: its document is issued at once (A6)."""

WAITING = (OrderState.OPEN, OrderState.PARTLY_DELIVERED)
"""States of orders that have lines to be delivered."""

BACKDATED_DAYS = 31
MAX_LINES = 500
MAX_QUANTITY = 1_000_000
MAX_REFERENCE = 60
MAX_COMMENT = 2_000


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """What somebody wants to buy: a product by its SKU, and how many of it."""

    sku: str
    quantity: int


# Ordering


def check_quantities(lines: Collection[OrderedLine]) -> None:
    """Raises Refusal `invalid_input` for an empty order and for quantities that cannot be meant."""
    if not lines:
        raise Refusal(Code.INVALID_INPUT, _("The order is empty. Choose at least one product."))
    for line in lines:
        if not 1 <= line.quantity <= MAX_QUANTITY:
            raise Refusal(
                Code.INVALID_INPUT,
                _("%(sku)s: enter a quantity from 1 to %(most)s."),
                sku=line.sku,
                most=MAX_QUANTITY,
            )


def check_line_count(count: int) -> None:
    """Raises Refusal `invalid_input` for an order with too many lines: one for each piece sold singly."""
    if count > MAX_LINES:
        raise Refusal(
            Code.INVALID_INPUT,
            _("An order holds up to %(most)s lines; this one has %(count)s. Please divide it."),
            most=MAX_LINES,
            count=count,
        )


def check_remarks(*, purchase_order_number: str, comment: str) -> None:
    """Raises Refusal `invalid_input` for texts that are too long or hold characters that cannot be stored."""
    for text, most in ((purchase_order_number, MAX_REFERENCE), (comment, MAX_COMMENT)):
        if len(text) > most:
            raise Refusal(
                Code.INVALID_INPUT,
                _("“%(start)s…” is too long. Use up to %(most)s characters."),
                start=text[:20],
                most=most,
            )
        if "\0" in text:
            raise Refusal(Code.INVALID_INPUT, _("A text holds characters that cannot be stored."))


def check_sellable(name: str, *, discontinued: bool, inquiry_required: bool) -> None:
    """Raises Refusal `discontinued` (S11) or `inquiry_required` (S8)."""
    if discontinued:
        raise Refusal(
            Code.DISCONTINUED,
            _("%(product)s is no longer sold. Please choose another product."),
            product=name,
        )
    if inquiry_required:
        raise Refusal(
            Code.INQUIRY_REQUIRED,
            _("%(product)s needs an inquiry before it can be ordered. Please send an inquiry."),
            product=name,
        )


def check_method(method: str, policy: BillingPolicy, *, later_allowed: bool) -> None:
    """Raises Refusal `method_not_offered`, `later_payment_not_allowed` (A1) or `not_supported_yet`."""
    if method not in policy.payment_methods:
        raise Refusal(Code.METHOD_NOT_OFFERED)
    if method not in LATER_METHODS | PAID_BY_DELIVERY:
        raise Refusal(
            Code.NOT_SUPPORTED_YET,
            _("Orders by %(method)s cannot be taken yet. Please choose %(instead)s."),
            method=str(PaymentMethod(method).label),
            instead=str(PaymentMethod.LATER_TRANSFER.label),
        )
    if method in LATER_METHODS and not later_allowed:
        raise Refusal(Code.LATER_PAYMENT_NOT_ALLOWED)


def check_card(method: str, card: Card | None, customer_id: int) -> None:
    """Raises Refusal `invalid_input` for a card order without a card of the customer's, `card_prepaid` (A2).

    Other methods take no card.
    """
    if method != PaymentMethod.CARD:
        if card is not None:
            raise Refusal(Code.INVALID_INPUT, _("Only an order by credit card names a card."))
        return
    if card is None or card.customer_id != customer_id or card.removed_at is not None:
        raise Refusal(Code.INVALID_INPUT, _("Choose one of your saved cards, or enter a new one."))
    if card.funding == Funding.PREPAID:
        raise Refusal(Code.CARD_PREPAID)


def order_sums(
    amounts: Iterable[tuple[TaxCategory, int]], policy: BillingPolicy, day: date, *, taxed: bool
) -> list[TaxSum]:
    """Net and tax per rate as one document of that day would state them; amounts as prices are entered.

    `taxed` is False for a tax-exempt seller: its documents state no tax.
    """
    if not taxed:
        return [TaxSum(category, None, amount, 0) for category, amount in amounts]
    lines = [TaxLine(category, amount, day) for category, amount in amounts]
    return summarise(lines, policy.price_entry, policy.tax_rounding)


def total_of(sums: Iterable[TaxSum]) -> int:
    """Net and tax together, in yen."""
    return sum(each.gross for each in sums)


def most_it_can_cost(
    amounts: Iterable[tuple[TaxCategory, int]], policy: BillingPolicy, day: date, *, taxed: bool
) -> int:
    """The most that lines can come to, in yen with tax, however they are divided among documents.

    Each document rounds its tax by itself (X9): down, parts never exceed the whole; otherwise they may.
    """
    lines = list(amounts)
    total = total_of(order_sums(lines, policy, day, taxed=taxed))
    if policy.tax_rounding == Rounding.FLOOR:
        return total
    upwards = policy.model_copy(update={"tax_rounding": Rounding.CEIL})
    return max(total, sum(total_of(order_sums([line], upwards, day, taxed=taxed)) for line in lines))


def check_deposit(*, free: int, total: int) -> None:
    """Raises Refusal `insufficient_deposit` when free deposit does not cover an order, in yen (A15)."""
    if free < total:
        raise Refusal(
            Code.INSUFFICIENT_DEPOSIT,
            _(
                "This order of %(total)s yen exceeds the free deposit of %(free)s yen by %(missing)s yen."
                " Please transfer the missing sum or choose another payment method."
            ),
            total=f"{total:,}",
            free=f"{free:,}",
            missing=f"{total - free:,}",
        )


def check_credit(*, limit: int | None, used: int, total: int) -> None:
    """Raises Refusal `credit_limit_exceeded` when used credit and order, in yen with tax, exceed it (S6)."""
    if limit is None or used + total <= limit:
        return
    raise Refusal(
        Code.CREDIT_LIMIT_EXCEEDED,
        _(
            "This order of %(total)s yen would exceed the credit limit: %(left)s of %(limit)s yen are left."
            " Please pay open invoices first, or ask us to raise the limit."
        ),
        total=f"{total:,}",
        left=f"{max(limit - used, 0):,}",
        limit=f"{limit:,}",
    )


# Delivery


def last_delivery_day(ordered_on: date, policy: BillingPolicy) -> date | None:
    """The last day on which the order can be delivered: 30 days including the day of order (A5)."""
    days = policy.order_expiry_days
    return last_day_of_window(ordered_on, days) if days else None


def has_expired(last_delivery_on: date | None, today: date) -> bool:
    """Whether the last day for delivery is over, also when the job that says so has not run yet (A5)."""
    return last_delivery_on is not None and today > last_delivery_on


def check_delivery_day(on: date, *, ordered_on: date, today: date) -> None:
    """Raises Refusal `delivery_date_not_allowed` outside order day … today, or over 31 days back (X4)."""
    earliest = max(ordered_on, today - timedelta(days=BACKDATED_DAYS))
    if not earliest <= on <= today:
        raise Refusal(
            Code.DELIVERY_DATE_NOT_ALLOWED,
            _("The day of delivery must lie between %(earliest)s and %(latest)s. Please correct the date."),
            earliest=earliest.isoformat(),
            latest=today.isoformat(),
        )


def check_paid(*, paid: int, total: int, reason: str) -> None:
    """Raises Refusal `not_paid` for a delivery in advance of its payment, in yen, without a reason (A20)."""
    if paid < total and not reason.strip():
        raise Refusal(
            Code.NOT_PAID,
            _(
                "%(missing)s of %(total)s yen have not been paid yet."
                " Deliver it after the payment has arrived, or give a reason to deliver it all the same."
            ),
            missing=f"{total - paid:,}",
            total=f"{total:,}",
        )


def check_deliverable(state: str) -> None:
    """Raises Refusal for what is done already; `state` is that of an order or of a line."""
    refused = {
        LineState.CANCELLED: Code.ALREADY_CANCELLED,
        LineState.DELIVERED: Code.ALREADY_DELIVERED,
        LineState.EXPIRED: Code.ORDER_EXPIRED,
    }
    if code := refused.get(LineState(state)) if state in LineState.values else None:
        raise Refusal(code)


def last_cancel_day(delivered_on: date, policy: BillingPolicy) -> date | None:
    """The last day of the window, which begins with the real day of delivery (A13, X4); None: never."""
    days = policy.cancel_window_days
    return last_day_of_window(delivered_on, days) if days else None


# State


def order_state(lines: Collection[str]) -> OrderState:
    """The order's state from those of its lines.

    Only lines not yet delivered expire, so an order with one delivered line ends as delivered, and it stays
    so until its last line is cancelled.
    """
    states = set(lines)
    if LineState.OPEN in states:
        return OrderState.PARTLY_DELIVERED if LineState.DELIVERED in states else OrderState.OPEN
    if LineState.DELIVERED in states:
        return OrderState.DELIVERED
    return OrderState.EXPIRED if LineState.EXPIRED in states else OrderState.CANCELLED


def warned_deadlines(day: date, policy: BillingPolicy) -> dict[date, int]:
    """The last delivery days that are warned of on this day, each with its days before the cancelling day.

    An order of 11-01 ends on 12-01: it is warned of on 11-24 (7) and 11-30 (1) (A5).
    """
    return {day + timedelta(days=before - 1): before for before in policy.order_expiry_warnings}
