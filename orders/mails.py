"""The mails about orders: accepted, about to expire, expired."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from accounts.selectors import contact_of
from billing_project.outbox.builders import Letter, register
from billing_project.outbox.letters import site_url, write_letter
from billing_project.outbox.models import Mail
from orders.models import LineState, Order, OrderLine
from orders.selectors import figures_of, lines_of, policy_of_order

_DAY = timedelta(days=1)


def write_about_order(
    kind: str, order: Order, lines: Collection[OrderLine], *, to_contact: bool = False, **context: Any
) -> Letter:
    """A letter about some lines of an order: to its ordering member, or to the accounting contact."""
    reader = _contact(order) if to_contact else _member(order)
    return write_letter(
        kind,
        **reader,
        language=order.customer.language,
        company=order.customer.name,
        order=order,
        lines=lines,
        figures=figures_of(order, lines),
        policy=policy_of_order(order),
        order_page=site_url(f"/orders/{order.public_id}/"),
        **context,
    )


def order_accepted(mail: Mail) -> Letter:
    """To the ordering member; the order is final with this mail (S4)."""
    order = _order(mail)
    return write_about_order("order_accepted", order, lines_of(order))


def order_expiring(mail: Mail) -> Letter:
    """To the ordering member or the accounting contact: deliver it in time, or it ends (A5)."""
    order = _order(mail)
    assert order.last_delivery_on is not None
    lines = [line for line in lines_of(order) if line.state == LineState.OPEN]
    return write_about_order(
        "order_expiring",
        order,
        lines,
        to_contact=mail.data["to"] == "contact",
        ends_on=order.last_delivery_on + _DAY,
    )


def order_expired(mail: Mail) -> Letter:
    """To the ordering member or the accounting contact: these lines have ended by themselves (A5)."""
    order = _order(mail)
    lines = [line for line in lines_of(order) if line.position in mail.data["lines"]]
    return write_about_order("order_expired", order, lines, to_contact=mail.data["to"] == "contact")


def register_mails() -> None:
    register("order_accepted", order_accepted)
    register("order_expiring", order_expiring)
    register("order_expired", order_expired)


def _order(mail: Mail) -> Order:
    order: Order = Order.objects.select_related("customer", "member", "addressee").get(pk=mail.reference)
    return order


def _contact(order: Order) -> dict[str, str]:
    contact = contact_of(order.customer)
    return {"recipient": contact.email, "name": contact.name}


def _member(order: Order) -> dict[str, str]:
    assert order.member is not None
    return {"recipient": order.member.user.email, "name": order.member.name}
