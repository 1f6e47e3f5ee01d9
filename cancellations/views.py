"""Cancelling a line: first what will happen, then the act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import member_required
from accounts.rules import Right
from billing_project.errors import Refusal
from billing_project.forms import refusals_on, sent
from cancellations.forms import CancelForm
from cancellations.selectors import CancelOption, billed_charges, cancel_options, effect_on_bill, where_back
from cancellations.services import cancel
from orders.models import LineState, Order
from orders.panel import visible_orders
from orders.selectors import figures_of


@member_required(Right.CANCEL_OWN)
def cancel_line(request: Any, public_id: UUID, position: int) -> HttpResponse:
    """One line. After its window the page says so and changes nothing (A13)."""
    order = get_object_or_404(_orders(request), public_id=public_id)
    option = _option(order, position, request)
    if option.refused:
        raise Refusal(option.refused)
    form = CancelForm(sent(request))
    if form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            cancel(order=order, line_position=position, member=request.member, reason=reason)
            messages.success(request, _("%(line)s has been cancelled.") % {"line": option.line.description})
            return redirect("orders:detail", public_id)
    figures = figures_of(order, [option.line])
    context = {
        "order": order,
        "option": option,
        "form": form,
        "delivered": option.line.state == LineState.DELIVERED,
        "billed": bool(billed_charges([option.line])),
        "figures": figures,
        "effect": effect_on_bill(option.line, figures.total),
        "back": where_back(order, delivered=option.line.state == LineState.DELIVERED),
    }
    return render(request, "cancellations/cancel.html", context, status=422 if form.errors else 200)


def _orders(request: Any) -> Any:
    return visible_orders(request.member).select_related("policy_version", "addressee", "card")


def _option(order: Order, position: int, request: Any) -> CancelOption:
    for option in cancel_options(order, member=request.member):
        if option.line.position == position:
            return option
    raise Http404
