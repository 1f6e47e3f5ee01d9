"""The customer's cards: the list, the way to the provider's page and back, and confirming a payment.

Views that ask the provider open contexts of their own, so that no transaction waits for its answer.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import member_required
from accounts.rules import Right
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.middleware import opens_own_context
from payments.gateways.port import GatewayError
from payments.models import Card, CardPayment, CardPaymentState, CardSetup
from payments.selectors.cards import cards_of, setups_of
from payments.services import cards as services


@require_GET
@member_required(Right.ORDER)
def card_list(request: Any) -> HttpResponse:
    return render(request, "cards/list.html", {"cards": cards_of(request.member.customer)})


@opens_own_context
@transaction.non_atomic_requests
@member_required(Right.ORDER)
@require_POST
def add_card(request: Any) -> HttpResponse:
    """Off to the provider's page; with `again`, for what the visit of that id was for."""
    again = _setup(request, request.POST["again"]) if request.POST.get("again") else CardSetup()
    setup = services.start_setup(
        customer=request.member.customer,
        member=request.member,
        return_url=request.build_absolute_uri(reverse("cards:return")),
        cancel_url=request.build_absolute_uri(reverse("cards:list")),
        purpose=again.purpose,
        reference=again.reference,
        draft=again.draft,
    )
    return redirect(setup.url)


@opens_own_context
@transaction.non_atomic_requests
@member_required(Right.ORDER)
@require_GET
def card_entered(request: Any) -> HttpResponse:
    """Back from the provider's page: the card is saved, and what waited for it goes on."""
    setup = _setup(request, request.GET.get("setup", ""))
    try:
        card = services.finish_setup(setup)
        return redirect(_go_on(request, setup, card))
    except Refusal as refusal:
        with tenant_context(request.tenant):
            context = {"refusal": refusal, "setup": setup}
            return render(request, "cards/refused.html", context, status=409)


@member_required(Right.ORDER)
@require_http_methods(["GET", "POST"])
def remove(request: Any, public_id: UUID) -> HttpResponse:
    card = get_object_or_404(cards_of(request.member.customer), public_id=public_id)
    if request.method == "POST":
        services.remove_card(card=card)
        messages.success(request, _("The card was removed."))
        return redirect("cards:list")
    return render(request, "cards/remove.html", {"card": card})


@opens_own_context
@transaction.non_atomic_requests
@member_required(Right.ORDER)
@require_GET
def payment(request: Any, public_id: UUID) -> HttpResponse:
    """A card payment that its holder has to confirm; back from the provider, how it ended."""
    found = _payment(request, public_id)
    if "returned" in request.GET and found.state == CardPaymentState.NEEDS_CUSTOMER:
        found = _refreshed(found)
    with tenant_context(request.tenant):
        return render(request, "cards/payment.html", {"payment": found})


@opens_own_context
@transaction.non_atomic_requests
@member_required(Right.ORDER)
@require_http_methods(["GET", "POST"])
def confirm_payment(request: Any, public_id: UUID) -> HttpResponse:
    """Off to the provider's page; who comes here by a link alone sees first what it is about."""
    found = _payment(request, public_id)
    page = reverse("cards:payment", args=[public_id])
    if request.method == "GET":
        return redirect(page)
    url = services.confirm(found, return_url=request.build_absolute_uri(f"{page}?returned=1"))
    return redirect(url or page)


def _go_on(request: Any, setup: CardSetup, card: Card) -> str:
    go_on = services.continuation_of(setup)
    if go_on is not None:
        with tenant_context(request.tenant):
            return go_on(setup, card)
    messages.success(request, _("The card was saved."))
    return reverse("cards:list")


def _refreshed(found: CardPayment) -> CardPayment:
    """As the provider says; as we know it when it does not answer."""
    try:
        return services.refresh(found)
    except GatewayError:
        return found


def _setup(request: Any, public_id: str) -> CardSetup:
    """404 for what is not this customer's."""
    with tenant_context(request.tenant):
        try:
            return get_object_or_404(setups_of(request.member.customer), public_id=UUID(public_id))
        except ValueError as error:
            raise Http404 from error


def _payment(request: Any, public_id: UUID) -> CardPayment:
    with tenant_context(request.tenant):
        found = CardPayment.objects.select_related("card").filter(customer=request.member.customer)
        payment: CardPayment = get_object_or_404(found, public_id=public_id)
        return payment
