"""Orders in the control panel: list, CSV, one order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import member_required
from accounts.policy.choices import PaymentMethod
from billing_project.listing import csv_response, in_order, page_of
from orders.forms import OrderFilter
from orders.models import Order
from orders.panel import events_of, visible_orders
from orders.payment_state import payment_of
from orders.selectors import figures_of, lines_of

_COLUMNS = {"number": "number", "ordered": "placed_at", "amount": "amount", "state": "state"}


@require_GET
@member_required()
def order_list(request: Any) -> HttpResponse:
    form, orders = _found(request)
    context = {
        "form": form,
        "page": page_of(request, orders),
        "csv_url": f"{reverse('orders:csv')}?{request.GET.urlencode()}",
    }
    return render(request, "orders/list.html", context)


@require_GET
@member_required()
def order_csv(request: Any) -> HttpResponse:
    """What the list has found, on all its pages; amounts as prices are entered."""
    head = (
        _("Order number"),
        _("Day of order"),
        _("Ordered by"),
        _("Purchase order number"),
        _("Lines"),
        _("Amount"),
        _("Payment method"),
        _("State"),
        _("Last day for delivery"),
    )
    _form, orders = _found(request)
    return csv_response(f"{_('Orders')}.csv", head, (_csv_row(order) for order in orders))


@require_GET
@member_required()
def order_detail(request: Any, public_id: UUID) -> HttpResponse:
    order = get_object_or_404(
        visible_orders(request.member).select_related("addressee", "policy_version", "member", "card"),
        public_id=public_id,
    )
    lines = lines_of(order)
    context = {
        "order": order,
        "figures": figures_of(order, [line for line in lines if line.state not in ("cancelled", "expired")]),
        "method": _method(order),
        "payment": payment_of(order),
        "events": events_of(order, lines, request.member),
    }
    return render(request, "orders/detail.html", context)


def _found(request: Any) -> tuple[OrderFilter, QuerySet[Order]]:
    form = OrderFilter(request.GET)
    wanted = form.wanted()
    orders = visible_orders(request.member, search=wanted.get("q", ""), state=wanted.get("state", ""))
    if day := wanted.get("ordered_from"):
        orders = orders.filter(ordered_on__gte=day)
    if day := wanted.get("ordered_to"):
        orders = orders.filter(ordered_on__lte=day)
    return form, in_order(request, orders, _COLUMNS)


def _csv_row(order: Any) -> list[Any]:
    return [
        order.number,
        order.ordered_on,
        order.member.name if order.member else "",
        order.purchase_order_number,
        order.line_count,
        order.amount,
        _method(order),
        order.get_state_display(),
        order.last_delivery_on,
    ]


def _method(order: Order) -> str:
    return capfirst(str(PaymentMethod(order.payment_method).label))
