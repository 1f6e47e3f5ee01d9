"""What the page of an order, a floor below, shows about cancelling."""

from dataclasses import dataclass
from datetime import date

from django import template

from accounts.models import Member
from cancellations.selectors import cancel_options
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
    """Each line, with its cancel button as long as it works (A13)."""
    return [_shown(option.line, option.possible) for option in cancel_options(order, member=member)]


def _shown(line: OrderLine, cancellable: bool) -> ShownLine:
    delivered = line.state == LineState.DELIVERED
    until = line.cancel_until if cancellable and delivered else None
    return ShownLine(line, line.quantity * line.unit_price, cancellable, until)
