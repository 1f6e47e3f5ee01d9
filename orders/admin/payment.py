"""How an order is paid, on its page in the admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing_project.backoffice import cells
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from ledger.models import CustomerBalance
from ledger.reservations import free
from orders.models import Order, PendingDelivery
from orders.payment_state import payment_of
from orders.rules import PAID_BY_DELIVERY
from payments.models import CardRefund


@section(Order, order=32)
def order_payment(_request: Any, order: Any) -> Section | None:
    if order.payment_method not in PAID_BY_DELIVERY:
        return None
    payment = payment_of(order)
    balance = CustomerBalance.objects.filter(customer=order.customer_id).first()
    facts = [
        Fact(_("card"), f"{order.card} ({order.card.get_funding_display()})" if order.card else "—"),
        Fact(_("deposit reserved (yen)"), cells.yen(payment.reserved)),
        Fact(_("free deposit of the customer (yen)"), cells.yen(free(balance) if balance else 0)),
        Fact(_("still to arrive (yen)"), cells.yen(payment.missing)),
    ]
    if payment.needs_card:
        facts.append(Fact(_("note"), _("The card cannot be charged; the customer was asked for another.")))
    return Facts(_("Payment"), tuple(facts))


@section(Order, order=34)
def order_card_payments(_request: Any, order: Any) -> Section | None:
    charges: Any = payment_of(order).charges
    if not charges:
        return None
    columns = [
        Column(_("asked")),
        Column(_("card")),
        Column(_("amount (yen)"), numeric=True),
        Column(_("refunded (yen)"), numeric=True),
        Column(_("state")),
        Column(_("decline code")),
    ]
    rows = [
        (
            cells.moments(each.intended_at),
            str(each.card),
            cells.yen(each.amount),
            cells.yen(each.refunded),
            cells.state(each.state, each.get_state_display()),
            each.decline_code or "—",
        )
        for each in charges
    ]
    return Table(_("Card payments"), columns, rows)


@section(Order, order=36)
def order_refunds(_request: Any, order: Any) -> Section | None:
    charges = [each.pk for each in payment_of(order).charges]
    refunds: Any = CardRefund.objects.filter(payment__in=charges).order_by("pk")
    if not refunds:
        return None
    columns = [
        Column(_("asked")),
        Column(_("amount (yen)"), numeric=True),
        Column(_("state")),
        Column(_("error")),
    ]
    rows = [
        (
            cells.moments(each.intended_at),
            cells.yen(each.amount),
            cells.state(each.state, each.get_state_display()),
            each.error or "—",
        )
        for each in refunds
    ]
    return Table(_("Card refunds"), columns, rows)


@section(Order, order=38)
def order_pending(_request: Any, order: Any) -> Section | None:
    found: Any = PendingDelivery.objects.filter(order=order).order_by("-pk")
    if not found:
        return None
    columns = [
        Column(_("asked")),
        Column(_("lines")),
        Column(_("amount (yen)"), numeric=True),
        Column(_("state")),
    ]
    rows = [
        (
            cells.moments(each.asked_at),
            ", ".join(str(position) for position in each.positions),
            cells.yen(each.amount),
            cells.state(each.state, each.get_state_display()),
        )
        for each in found
    ]
    return Table(_("Deliveries charged to the card"), columns, rows)
