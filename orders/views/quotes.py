"""Quotes in the control panel: list, one quote, its PDF, a new one, ordering from it (A9)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import member_required
from accounts.policy.choices import PaymentMethod
from accounts.rules import Right
from accounts.selectors import contact_of
from billing_project import clock
from billing_project.forms import refusals_on, sent
from billing_project.listing import page_of
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.middleware import opens_own_context
from invoices.models import AccessAction
from invoices.services.files import PDF
from invoices.views.links import visitor_of
from orders.models import Order, Quote
from orders.preview import method_offers, policy_today
from orders.quote_forms import QuoteForm, QuoteOrderForm
from orders.quote_rules import QuotedLine, QuoteStanding, standing
from orders.quote_selectors import quote_lines, quote_standing, quote_sums, visible_quotes
from orders.selectors import catalogue
from orders.services import place_order
from orders.services.quotes import ensure_quote_file, log_quote_access, make_quote
from payments.models import Card, CardSetup
from payments.selectors.cards import cards_of, setups_of
from payments.services.cards import start_setup

CARD_FOR_QUOTE = "quote"

STANDINGS = {
    QuoteStanding.OPEN: gettext_lazy("Valid"),
    QuoteStanding.ORDERED: gettext_lazy("Ordered"),
    QuoteStanding.EXPIRED: gettext_lazy("Expired"),
}


@require_GET
@member_required(Right.ORDER)
def quote_list(request: Any) -> HttpResponse:
    page = page_of(request, visible_quotes(request.member))
    now = clock.now()
    rows = [
        {"quote": quote, **_shown(standing(quote.valid_until, now, ordered=quote.ordered))} for quote in page
    ]
    return render(request, "quotes/list.html", {"page": page, "rows": rows})


@require_GET
@member_required(Right.ORDER)
def quote_detail(request: Any, public_id: UUID) -> HttpResponse:
    return render(request, "quotes/detail.html", _about(_quote(request, public_id)))


@require_GET
@member_required(Right.ORDER)
def quote_pdf(request: Any, public_id: UUID) -> HttpResponse:
    quote = _quote(request, public_id)
    visitor = visitor_of(request, request.user.email)
    log_quote_access(quote=quote, action=AccessAction.DOWNLOADED, visitor=visitor)
    return quote_pdf_response(quote)


@member_required(Right.ORDER)
def new_quote(request: Any) -> HttpResponse:
    """A quote at catalogue prices, at once."""
    form = QuoteForm(sent(request), products=catalogue().filter(inquiry_required=False))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            lines = [QuotedLine(product.sku, quantity) for product, quantity in form.wanted]
            quote = make_quote(customer=request.member.customer, member=request.member, lines=lines)
            messages.success(request, _("The quote was made. Its link is being mailed to you."))
            return redirect("quotes:detail", quote.public_id)
    status = 422 if form.errors else 200
    days = policy_today().quote_valid_days
    return render(request, "quotes/new.html", {"form": form, "days": days}, status=status)


@opens_own_context
@transaction.non_atomic_requests
@member_required(Right.ORDER)
def order_quote(request: Any, public_id: UUID) -> HttpResponse:
    """The accounting contact is confirmed, as with any order (A7); sent twice it is one order.

    A new card is entered at its provider first, and the page comes back with it chosen. A debit card is
    charged on the way, so no transaction of ours is open around it.
    """
    with tenant_context(request.tenant):
        quote, form = _quote(request, public_id), _order_form(request)
        valid = request.method == "POST" and form.is_valid()
    if valid:
        with refusals_on(form):
            if form.wants_new_card:
                return redirect(_enter_card(request, quote, form))
            return redirect("orders:done", _place(request, quote, form).public_id)
    with tenant_context(request.tenant):
        customer = request.member.customer
        context = {**_about(quote), "form": form, "customer": customer, "contact": contact_of(customer)}
        return render(request, "quotes/order.html", context, status=422 if form.errors else 200)


def _order_form(request: Any) -> QuoteOrderForm:
    customer = request.member.customer
    offers = method_offers(customer, policy_today())
    return QuoteOrderForm(
        sent(request),
        methods=[offer.method for offer in offers if not offer.refusal],
        first=customer.payment_method,
        cards=cards_of(customer),
        waited=_waited(request),
    )


def _enter_card(request: Any, quote: Quote, form: QuoteOrderForm) -> str:
    """The provider's page; what was filled in is kept until the card is there."""
    setup = start_setup(
        customer=request.member.customer,
        member=request.member,
        return_url=request.build_absolute_uri(reverse("cards:return")),
        cancel_url=request.build_absolute_uri(reverse("quotes:order", args=[quote.public_id])),
        purpose=CARD_FOR_QUOTE,
        reference=quote.pk,
        draft={"purchase_order_number": form.cleaned_data["purchase_order_number"]},
    )
    return setup.url


def after_card_of_quote(setup: CardSetup, _card: Card) -> str:
    """Back to the quote, with the card that was entered."""
    quote = Quote.objects.get(pk=setup.reference, customer=setup.customer_id)
    return f"{reverse('quotes:order', args=[quote.public_id])}?setup={setup.public_id}"


def _waited(request: Any) -> dict[str, Any]:
    """What had been filled in before the card was entered, with that card."""
    try:
        wanted = UUID(request.GET.get("setup", ""))
    except ValueError:
        return {}
    setups = setups_of(request.member.customer).filter(purpose=CARD_FOR_QUOTE, card__isnull=False)
    setup = setups.select_related("card").filter(public_id=wanted).first()
    if setup is None:
        return {}
    return {**setup.draft, "payment_method": PaymentMethod.CARD, "card": str(setup.card.public_id)}


def _place(request: Any, quote: Quote, form: QuoteOrderForm) -> Order:
    return place_order(
        customer=request.member.customer,
        member=request.member,
        lines=(),
        quote=quote,
        payment_method=form.cleaned_data["payment_method"],
        card=form.chosen_card,
        submission=form.cleaned_data["submission"],
        purchase_order_number=form.cleaned_data["purchase_order_number"],
    )


def quote_pdf_response(quote: Quote) -> HttpResponse:
    """The file, made now if nobody has made it yet, under a name that says what it is."""
    response = HttpResponse(bytes(ensure_quote_file(quote).content), content_type=PDF)
    name = f"{_('Quote')}_{quote.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def _shown(of_quote: QuoteStanding) -> dict[str, Any]:
    return {"standing": of_quote, "standing_label": STANDINGS[of_quote]}


def _about(quote: Quote) -> dict[str, Any]:
    return {
        "quote": quote,
        "lines": quote_lines(quote),
        "sums": quote_sums(quote),
        **_shown(quote_standing(quote)),
    }


def _quote(request: Any, public_id: UUID) -> Quote:
    """404 for what does not exist, is another customer's, or is not for this member's eyes."""
    quote: Quote = get_object_or_404(visible_quotes(request.member), public_id=public_id)
    return quote
