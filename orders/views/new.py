"""A new order in three pages: choose, confirm with the accounting contact in sight (A7), done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import member_required
from accounts.policy.choices import PaymentMethod, PriceEntry
from accounts.rules import Right
from billing_project.errors import Refusal
from billing_project.forms import refusals_on
from orders.forms import ConfirmationForm, OrderForm
from orders.panel import visible_orders
from orders.preview import OrderPreview, policy_today, preview_order, usable_methods, why_not
from orders.rules import OrderedLine
from orders.selectors import catalogue, figures_of
from orders.services import place_order


@member_required(Right.ORDER)
def new_order(request: Any) -> HttpResponse:
    """GET: the catalogue. POST: what was chosen, to be confirmed; with `change` back to the catalogue."""
    if request.method != "POST":
        return _choose(request, _form(request, None))
    form = _form(request, request.POST)
    if "change" in request.POST:
        return _choose(request, form)
    preview = _preview(request, form)
    if preview is None:
        return _choose(request, form, status=422)
    return _ask(request, form, preview, ConfirmationForm(initial={"seen": preview.digest}))


@member_required(Right.ORDER)
def confirm_order(request: Any) -> HttpResponse:
    """Places the order once, however often this is sent."""
    if request.method != "POST":
        return redirect("orders:new")
    form, confirmation = _form(request, request.POST), ConfirmationForm(request.POST)
    preview = _preview(request, form)
    if preview is None:
        return _choose(request, form, status=422)
    if confirmation.is_valid() and confirmation.cleaned_data["seen"] != preview.digest:
        return _ask_again(request, form, preview)
    if confirmation.is_valid():
        with refusals_on(confirmation):
            return _place(request, form)
    return _ask(request, form, preview, confirmation, status=422)


@require_GET
@member_required(Right.ORDER)
def order_done(request: Any, public_id: UUID) -> HttpResponse:
    orders = visible_orders(request.member).select_related("policy_version", "addressee")
    order = get_object_or_404(orders, public_id=public_id)
    return render(request, "orders/done.html", {"order": order, "figures": figures_of(order)})


def _form(request: Any, data: Any) -> OrderForm:
    customer = request.member.customer
    methods = usable_methods(customer, policy_today())
    return OrderForm(data, products=catalogue(), methods=methods, first=customer.payment_method)


def _preview(request: Any, form: OrderForm) -> OrderPreview | None:
    """None: the form says what is wrong."""
    if form.is_valid():
        with refusals_on(form):
            method = PaymentMethod(form.cleaned_data["payment_method"])
            return preview_order(customer=request.member.customer, lines=form.wanted, method=method)
    return None


def _place(request: Any, form: OrderForm) -> HttpResponse:
    order = place_order(
        customer=request.member.customer,
        member=request.member,
        lines=[OrderedLine(product.sku, quantity) for product, quantity in form.wanted],
        payment_method=form.cleaned_data["payment_method"],
        submission=form.cleaned_data["submission"],
        purchase_order_number=form.cleaned_data["purchase_order_number"],
        comment=form.cleaned_data["comment"],
    )
    return redirect("orders:done", order.public_id)


def _choose(request: Any, form: OrderForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "hindrance": _hindrance(request, form), "price_label": _price_label()}
    return render(request, "orders/new.html", context, status=status)


def _price_label() -> str:
    inclusive = policy_today().price_entry == PriceEntry.TAX_INCLUSIVE
    return _("Unit price (with tax)") if inclusive else _("Unit price (without tax)")


def _hindrance(request: Any, form: OrderForm) -> Refusal | None:
    """Why this customer cannot order by any method."""
    if form.fields["payment_method"].choices:  # type: ignore[attr-defined]
        return None
    customer = request.member.customer
    return why_not(customer, customer.payment_method, policy_today())


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
