"""What the page of an order, a floor below, shows about cancelling."""

from dataclasses import dataclass
from datetime import date

from django import template

from accounts.models import Member
from cancellations.selectors import billed_charges, cancel_options
from orders.models import LineState, Order, OrderLine

register = template.Library()


@dataclass(frozen=True)
class ShownLine:
    """`until` is the last day of an open window; None when there is no button to show."""

    line: OrderLine
    amount: int
    cancellable: bool
    until: date | None


@register.simple_tag
def lines_with_options(order: Order, member: Member) -> list[ShownLine]:
    """Each line, with its cancel button while the window is open and nothing is billed (A13, A16)."""
    options = cancel_options(order, member=member)
    billed = billed_charges([option.line for option in options])
    return [
        _shown(option.line, option.possible and option.line.charge_id not in billed) for option in options
    ]


def _shown(line: OrderLine, cancellable: bool) -> ShownLine:
    delivered = line.state == LineState.DELIVERED
    until = line.cancel_until if cancellable and delivered else None
    return ShownLine(line, line.quantity * line.unit_price, cancellable, until)
