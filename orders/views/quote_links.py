"""Pages about quotes that need no sign-in: the mailed link (A8, A9), and the request form for strangers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.actors import address_of
from accounts.rules import Right, may
from accounts.selectors import contact_of
from billing_project.forms import refusals_on, sent
from billing_project.throttle import too_many
from invoices.models import AccessAction
from invoices.views.links import behind_link, link_page_of, visitor_of
from orders.models import Product, QuoteLink
from orders.preview import policy_today
from orders.quote_forms import QuoteRequestForm
from orders.quote_selectors import quote_lines, quote_standing, quote_sums, quotes
from orders.services.quotes import ask_for_quote, log_quote_access, quote_link_of
from orders.views.quotes import STANDINGS, quote_pdf_response

_MOST_PER_HOUR = 10


@behind_link(quote_link_of)
def quote_link_page(request: Any, link: QuoteLink) -> HttpResponse:
    quote = quotes().get(pk=link.quote_id)
    log_quote_access(
        quote=quote, action=AccessAction.OPENED, visitor=visitor_of(request, link.email), link=link
    )
    standing = quote_standing(quote)
    context = {
        "quote": quote,
        "lines": quote_lines(quote),
        "sums": quote_sums(quote),
        "standing": standing,
        "standing_label": STANDINGS[standing],
        "issued_by": quote.issuer.content,
        "link": link,
    }
    return link_page_of(request, "quotes/link.html", 200, **context)


@behind_link(quote_link_of)
def quote_link_pdf(request: Any, link: QuoteLink) -> HttpResponse:
    quote = quotes().get(pk=link.quote_id)
    log_quote_access(
        quote=quote, action=AccessAction.DOWNLOADED, visitor=visitor_of(request, link.email), link=link
    )
    return quote_pdf_response(quote)


def request_quote(request: Any) -> HttpResponse:
    """For members and for strangers; too many from one address are refused."""
    if policy_today().quote_valid_days is None:
        raise Http404
    products = Product.objects.filter(discontinued=False).order_by("sku")
    member = request.member if request.member and may(request.member.roles, Right.ORDER) else None
    form = QuoteRequestForm(sent(request), products=products, initial=_known(member))
    if request.method == "POST":
        if too_many(f"quote-request:{address_of(request)}", most=_MOST_PER_HOUR, seconds=3600):
            return render(request, "429.html", status=429)
        if form.is_valid():
            with refusals_on(form):
                ask_for_quote(
                    product=form.cleaned_data["product"],
                    quantity=form.cleaned_data["quantity"],
                    asking=form.asking,
                    member=member,
                )
                return redirect("quotes:request_sent")
    return _page(request, "request", 422 if form.errors else 200, form=form)


def request_sent(request: Any) -> HttpResponse:
    return _page(request, "request_sent")


def _page(request: Any, name: str, status: int = 200, **context: Any) -> HttpResponse:
    """Inside the panel for who is signed in, else on a page of its own."""
    base = "base_app.html" if request.member else "base_bare.html"
    return render(request, f"quotes/{name}.html", {"base": base, **context}, status=status)


def _known(member: Any) -> dict[str, Any]:
    if member is None:
        return {}
    customer = member.customer
    return {
        "company": customer.name,
        "contact_name": member.name,
        "email": member.user.email or contact_of(customer).email,
        "postcode": customer.postcode,
        "address": customer.address,
    }
