"""Another card for an order that is charged at delivery (A3): a saved one, or a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import member_required
from accounts.rules import Right
from billing_project.forms import refusals_on, sent
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.middleware import opens_own_context
from orders.forms import CardForm
from orders.models import Order
from orders.panel import visible_orders
from orders.services.choosing_card import choose_card
from payments.models import Card, CardSetup, Funding
from payments.selectors.cards import cards_of
from payments.services.cards import start_setup

CARD_FOR_OPEN_ORDER = "open_order"


@member_required(Right.ORDER)
def order_card(request: Any, public_id: UUID) -> HttpResponse:
    order = _order(request, public_id)
    cards = cards_of(request.member.customer).exclude(funding=Funding.DEBIT)
    form = CardForm(sent(request), cards=cards, current=order.card)
    if form.is_valid():
        with refusals_on(form):
            choose_card(order=order, card=form.chosen)
            messages.success(request, _("The order will be charged to this card when it is delivered."))
            return redirect("orders:detail", public_id)
    context = {"order": order, "form": form}
    return render(request, "orders/choose_card.html", context, status=422 if form.errors else 200)


@opens_own_context
@transaction.non_atomic_requests
@member_required(Right.ORDER)
def enter_card_of_order(request: Any, public_id: UUID) -> HttpResponse:
    """Off to the card provider's page; the card entered there becomes the order's."""
    with tenant_context(request.tenant):
        order = _order(request, public_id)
    if request.method != "POST":
        return redirect("orders:card", public_id)
    page = request.build_absolute_uri(reverse("orders:card", args=[public_id]))
    setup = start_setup(
        customer=request.member.customer,
        member=request.member,
        return_url=request.build_absolute_uri(reverse("cards:return")),
        cancel_url=page,
        purpose=CARD_FOR_OPEN_ORDER,
        reference=order.pk,
    )
    return redirect(setup.url)


def after_card_of_order(setup: CardSetup, card: Card) -> str:
    """The card that was entered becomes the order's; coming again changes nothing."""
    order = Order.objects.get(pk=setup.reference, customer=setup.customer_id)
    choose_card(order=order, card=card)
    return reverse("orders:detail", args=[order.public_id])


def _order(request: Any, public_id: UUID) -> Order:
    order: Order = get_object_or_404(
        visible_orders(request.member).select_related("policy_version", "card"), public_id=public_id
    )
    return order
