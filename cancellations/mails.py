"""The mails about cancelling: it is done, and the time for it ends."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from billing_project.outbox.builders import Letter, register
from billing_project.outbox.models import Mail
from cancellations.selectors import billed_charges
from orders.mails import write_about_order
from orders.models import LineState, Order
from orders.selectors import lines_of, pays_when_ordered


def order_cancelled(mail: Mail) -> Letter:
    """To the ordering member: these lines are cancelled, and what becomes of the money."""
    order = Order.objects.get(pk=mail.reference)
    lines = [line for line in lines_of(order) if line.position in mail.data["lines"]]
    return write_about_order(
        "order_cancelled",
        order,
        lines,
        returned=bool(billed_charges(lines)),
        debit=pays_when_ordered(order),
        to_card=mail.data.get("to_card", 0),
        to_deposit=mail.data.get("to_deposit", 0),
    )


def cancel_window_ends(mail: Mail) -> Letter:
    """To the ordering member: these lines can be cancelled until this day (A19)."""
    order, until = Order.objects.get(pk=mail.reference), date.fromisoformat(mail.data["until"])
    delivered = [line for line in lines_of(order) if line.state == LineState.DELIVERED]
    lines = [line for line in delivered if line.cancel_until == until]
    return write_about_order("cancel_window_ends", order, lines, until=until)


def register_mails() -> None:
    register("order_cancelled", order_cancelled)
    register("cancel_window_ends", cancel_window_ends, optional=_("The time to cancel ends"))
