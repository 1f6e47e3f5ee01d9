"""Who may cancel what until when. Pure: policy and day come in, no database, no clock."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.policy import BillingPolicy
from billing_project.errors import Code
from orders.models import LineState
from orders.rules import has_expired


def why_not_cancellable(
    *,
    state: str,
    cancel_until: date | None,
    last_delivery_on: date | None,
    policy: BillingPolicy,
    today: date,
) -> Code | None:
    """What speaks against cancelling a line today, in the order of precedence of refusals; None: nothing.

    `cancel_until` is the last day of the line's window (A13), `last_delivery_on` that of its order (A5);
    `policy` is that of the order's day (X10).
    """
    if state == LineState.CANCELLED:
        return Code.ALREADY_CANCELLED
    if state == LineState.EXPIRED or (state == LineState.OPEN and has_expired(last_delivery_on, today)):
        return Code.ORDER_EXPIRED
    if not policy.cancel_window_days:
        return Code.NOT_CANCELLABLE
    if state == LineState.OPEN:
        return None
    return Code.CANCEL_WINDOW_CLOSED if cancel_until is None or today > cancel_until else None


def reminded_window(day: date, policy: BillingPolicy) -> date | None:
    """The last day of the windows that are reminded of on this day: the next day (A19); None: of none."""
    days = policy.cancel_reminder_days
    return day + timedelta(days=days) if days and policy.cancel_window_days else None
