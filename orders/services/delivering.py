"""Recording that an order, or one line of it, was delivered (A5, A13, X4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.policy import BillingPolicy
from accounts.policy.choices import PriceEntry
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.services.charges import NewCharge, record_charges
from invoices.services.gate import pass_gate
from ledger.services import lock_balance
from orders import rules
from orders.models import LineState, Order, OrderLine
from orders.selectors import lines_of, policy_of_order
from orders.services.locking import lock_order, settle_state


@dataclass(frozen=True)
class _Delivery:
    """The real day, the moment at which it is recorded, and the policy of the order's day."""

    on: date
    at: datetime
    policy: BillingPolicy


@transaction.atomic
def deliver(*, order: Order, line_position: int | None = None, on: date | None = None) -> Order:
    """The goods of one line, or of all lines that are still open, have passed: each line is charged.

    `on` is the real day (default today): charge and cancel window are dated by it. Raises Refusal
    `already_cancelled`, `already_delivered`, `order_expired`, `delivery_date_not_allowed` or, for a line that
    does not exist, `invalid_input`.
    """
    pass_gate()
    order = lock_order(order)
    lock_balance(order.customer_id)
    today = clock.today(current_tenant().zone)
    lines = _open_lines(order, line_position)
    if rules.has_expired(order.last_delivery_on, today):
        raise Refusal(Code.ORDER_EXPIRED)
    delivery = _Delivery(on or today, clock.now(), policy_of_order(order))
    rules.check_delivery_day(delivery.on, ordered_on=order.ordered_on, today=today)
    _deliver(order, lines, delivery)
    settle_state(order)
    record("order_delivered", order, on=delivery.on.isoformat(), lines=[line.position for line in lines])
    return order


def _open_lines(order: Order, position: int | None) -> list[OrderLine]:
    lines = lines_of(order)
    if position is None:
        rules.check_deliverable(order.state)
        return [line for line in lines if line.state == LineState.OPEN]
    chosen = [line for line in lines if line.position == position]
    if not chosen:
        raise Refusal(
            Code.INVALID_INPUT,
            _("Order %(number)s has no line %(position)s."),
            number=order.number,
            position=position,
        )
    rules.check_deliverable(chosen[0].state)
    return chosen


def _deliver(order: Order, lines: Sequence[OrderLine], delivery: _Delivery) -> None:
    charges = record_charges(_charge(order, line, delivery) for line in lines)
    for line, charge in zip(lines, charges, strict=True):
        line.charge = charge
        line.state = LineState.DELIVERED
        line.delivered_at, line.delivered_on = delivery.at, delivery.on
        line.cancel_until = rules.last_cancel_day(delivery.on, delivery.policy)
    OrderLine.objects.bulk_update(lines, ["charge", "state", "delivered_at", "delivered_on", "cancel_until"])


def _charge(order: Order, line: OrderLine, delivery: _Delivery) -> NewCharge:
    return NewCharge(
        customer_id=order.customer_id,
        addressee_id=order.addressee_id,
        payment_method=order.payment_method,
        order_number=order.number,
        transaction_date=delivery.on,
        billable_from=delivery.on,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        tax_inclusive=delivery.policy.price_entry == PriceEntry.TAX_INCLUSIVE,
        tax_category=line.tax_category,
    )
