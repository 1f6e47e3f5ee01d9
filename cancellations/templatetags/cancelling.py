"""What the page of an order, a floor below, shows about its lines: their stories, and cancelling."""

from dataclasses import dataclass, field
from datetime import date

from django import template
from django.utils.translation import gettext as _

from accounts.models import Member
from billing_project.errors import Code
from cancellations.line_stories import LineStep, line_stories
from cancellations.selectors import CancelOption, cancel_options
from orders.models import LineState, Order, OrderLine

register = template.Library()


@dataclass(frozen=True)
class ShownLine:
    """`until` is the last day of an open window; None when there is no button to show. `why` says why not."""

    line: OrderLine
    amount: int
    cancellable: bool
    until: date | None
    why: str
    story: list[LineStep] = field(default_factory=list)


@register.simple_tag
def lines_with_options(order: Order, member: Member) -> list[ShownLine]:
    """Each line, with its cancel button as long as it works (A13)."""
    options = cancel_options(order, member=member)
    stories = line_stories(order, [option.line for option in options], member)
    return [_shown(option, stories[option.line.position]) for option in options]


def _shown(option: CancelOption, story: list[LineStep]) -> ShownLine:
    line = option.line
    until = line.cancel_until if option.possible and line.state == LineState.DELIVERED else None
    return ShownLine(line, line.quantity * line.unit_price, option.possible, until, _why_not(option), story)


def _why_not(option: CancelOption) -> str:
    """Empty where the state of the line says it already."""
    if option.refused == Code.CANCEL_WINDOW_CLOSED and option.line.cancel_until:
        return _("Could be cancelled until %(day)s 23:59.") % {"day": option.line.cancel_until}
    reasons = {
        Code.CANCEL_WINDOW_CLOSED: _("It can no longer be cancelled."),
        Code.NOT_CANCELLABLE: _("Under the terms of this shop it cannot be cancelled."),
        Code.NOT_PERMITTED: _("Who ordered it or holds ordering authority may cancel it."),
    }
    gone = option.line.state in (LineState.CANCELLED, LineState.EXPIRED)
    return reasons.get(option.refused, "") if option.refused and not gone else ""
