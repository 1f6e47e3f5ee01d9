"""A new order in three pages: choose, confirm with the accounting contact in sight (A7), done.

By card, a card may be entered at its provider between the first two; what was chosen waits meanwhile.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import member_required
from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod, PriceEntry
from accounts.rules import Right
from billing_project.errors import Refusal
from billing_project.forms import refusals_on
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.middleware import opens_own_context
from orders.forms import ConfirmationForm, OrderForm
from orders.models import Order
from orders.panel import visible_orders
from orders.payment_state import payment_of
from orders.preview import OrderPreview, method_offers, policy_today, preview_order, why_not
from orders.rules import OrderedLine
from orders.selectors import catalogue, figures_of
from orders.services import place_order
from payments.models import Card, CardSetup
from payments.selectors.cards import cards_of, setups_of
from payments.services.cards import start_setup

CARD_FOR_ORDER = "order"


@member_required(Right.ORDER)
def new_order(request: Any) -> HttpResponse:
    """GET: the catalogue, or what waited for a card. POST: what was chosen, to be confirmed; with `change`
    back to the catalogue."""
    if request.method != "POST":
        return _go_on(request) if "setup" in request.GET else _choose(request, _form(request, None))
    form = _form(request, request.POST)
    if "change" in request.POST:
        return _choose(request, form)
    return _chosen(request, form)


@opens_own_context
@transaction.non_atomic_requests
@member_required(Right.ORDER)
@require_POST
def enter_card(request: Any) -> HttpResponse:
    """Off to the card provider's page; what was chosen is kept until the card is there."""
    with tenant_context(request.tenant):
        form = _form(request, request.POST)
        if not form.is_valid():
            return _choose(request, form, status=422)
    setup = start_setup(
        customer=request.member.customer,
        member=request.member,
        return_url=request.build_absolute_uri(reverse("cards:return")),
        cancel_url=request.build_absolute_uri(reverse("orders:new")),
        purpose=CARD_FOR_ORDER,
        draft=dict(form.sent),
    )
    return redirect(setup.url)


def after_card(setup: CardSetup, _card: Card) -> str:
    """Where the order goes on once its card was entered."""
    return f"{reverse('orders:new')}?setup={setup.public_id}"


@opens_own_context
@transaction.non_atomic_requests
@member_required(Right.ORDER)
def confirm_order(request: Any) -> HttpResponse:
    """Places the order once, however often this is sent; a debit card is charged outside of a transaction."""
    if request.method != "POST":
        return redirect("orders:new")
    with tenant_context(request.tenant):
        form, confirmation = _form(request, request.POST), ConfirmationForm(request.POST)
        if (page := _not_yet(request, form, confirmation)) is not None:
            return page
    try:
        return _place(request, form)
    except Refusal as refusal:
        confirmation.add_error(None, refusal.message)
        form.renew()
    with tenant_context(request.tenant):
        preview = _preview(request, form)
        if preview is None:
            return _choose(request, form, status=422)
        return _ask(request, form, preview, confirmation, status=422)


@require_GET
@member_required(Right.ORDER)
def order_done(request: Any, public_id: UUID) -> HttpResponse:
    orders = visible_orders(request.member).select_related("policy_version", "addressee", "card")
    order = get_object_or_404(orders, public_id=public_id)
    context = {"order": order, "figures": figures_of(order), "payment": payment_of(order)}
    return render(request, "orders/done.html", context)


def _form(request: Any, data: Any) -> OrderForm:
    customer = request.member.customer
    offers = method_offers(customer, _policy(request))
    first = customer.payment_method
    return OrderForm(data, products=catalogue(), offers=offers, cards=cards_of(customer), first=first)


def _go_on(request: Any) -> HttpResponse:
    """Back from the card provider: what was chosen, now with the new card."""
    try:
        setups = setups_of(request.member.customer).filter(purpose=CARD_FOR_ORDER, card__isnull=False)
        setup = get_object_or_404(setups.select_related("card"), public_id=UUID(request.GET["setup"]))
    except ValueError as error:
        raise Http404 from error
    data = QueryDict(mutable=True)
    data.update({**setup.draft, "card": str(setup.card.public_id)})
    return _chosen(request, _form(request, data))


def _chosen(request: Any, form: OrderForm) -> HttpResponse:
    if form.is_valid() and form.wants_new_card:
        return render(request, "orders/card.html", {"form": form})
    preview = _preview(request, form)
    if preview is None:
        return _choose(request, form, status=422)
    return _ask(request, form, preview, ConfirmationForm(initial={"seen": preview.digest}))


def _preview(request: Any, form: OrderForm) -> OrderPreview | None:
    """None: the form says what is wrong."""
    if form.is_valid():
        with refusals_on(form):
            method = PaymentMethod(form.cleaned_data["payment_method"])
            customer = request.member.customer
            return preview_order(customer=customer, lines=form.wanted, method=method, card=form.chosen_card)
    return None


def _not_yet(request: Any, form: OrderForm, confirmation: ConfirmationForm) -> HttpResponse | None:
    """The page that asks for what is missing; None: place it. What was sent before is an order already."""
    if form.is_valid() and Order.objects.filter(submission=form.cleaned_data["submission"]).exists():
        return None
    preview = _preview(request, form)
    if preview is None:
        return _choose(request, form, status=422)
    if not confirmation.is_valid():
        return _ask(request, form, preview, confirmation, status=422)
    if confirmation.cleaned_data["seen"] != preview.digest:
        return _ask_again(request, form, preview)
    return None


def _place(request: Any, form: OrderForm) -> HttpResponse:
    order = place_order(
        customer=request.member.customer,
        member=request.member,
        lines=[OrderedLine(product.sku, quantity) for product, quantity in form.wanted],
        payment_method=form.cleaned_data["payment_method"],
        card=form.chosen_card,
        submission=form.cleaned_data["submission"],
        purchase_order_number=form.cleaned_data["purchase_order_number"],
        comment=form.cleaned_data["comment"],
    )
    return redirect("orders:done", order.public_id)


def _choose(request: Any, form: OrderForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "hindrance": _hindrance(request, form), "price_label": _price_label(request)}
    return render(request, "orders/new.html", context, status=status)


def _policy(request: Any) -> BillingPolicy:
    """Asked once a request."""
    if not hasattr(request, "policy_today"):
        request.policy_today = policy_today()
    policy: BillingPolicy = request.policy_today
    return policy


def _price_label(request: Any) -> str:
    inclusive = _policy(request).price_entry == PriceEntry.TAX_INCLUSIVE
    return _("Unit price (with tax)") if inclusive else _("Unit price (without tax)")


def _hindrance(request: Any, form: OrderForm) -> Refusal | None:
    """Why this customer cannot order by any method."""
    if form.fields["payment_method"].choices:  # type: ignore[attr-defined]
        return None
    customer = request.member.customer
    return why_not(customer, customer.payment_method, _policy(request))


def _ask(
    request: Any, form: OrderForm, preview: OrderPreview, confirmation: ConfirmationForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "preview": preview, "confirmation": confirmation}
    return render(request, "orders/confirm.html", context, status=status)


def _ask_again(request: Any, form: OrderForm, preview: OrderPreview) -> HttpResponse:
    """The contact or a price was changed while the page was open: nobody has confirmed that yet."""
    confirmation = ConfirmationForm({"seen": preview.digest})
    confirmation.errors.clear()
    confirmation.add_error(
        None, _("The accounting contact or a price has changed meanwhile. Please check once more.")
    )
    return _ask(request, form, preview, confirmation, status=409)
