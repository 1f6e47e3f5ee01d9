"""Requests for quotes: the list, answering and declining them; and the form of an offer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter
from unfold.decorators import display

from accounts.admin.customer_field import CustomerField
from accounts.models import Customer
from accounts.services import NewContact, create_customer
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, page_of, row_act
from billing_project.backoffice.forms import OperatorForm, YenField
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Section, section
from invoices.views.previews import preview_response
from orders.models import (
    Product,
    Quote,
    QuoteRequest,
    QuoteRequestState,
)
from orders.quote_rules import QuotedLine
from orders.quote_selectors import quotes
from orders.rules import MAX_COMMENT, MAX_QUANTITY
from orders.services.quotes import (
    answer_request,
    decline_request,
    preview_quote,
)
from payments.rules.dunning import MAX_REASON

ROWS = 5
_REQUEST_TONES = {QuoteRequestState.WAITING: "warning", QuoteRequestState.ANSWERED: "success"}


class OfferForm(OperatorForm):
    """Up to five products with quantity and price; an empty price is the catalogue's."""

    note = forms.CharField(
        label=_("note"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It is printed on the quote."),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        products = [("", "—"), *((p.sku, f"{p.sku} {p.name} ({p.unit_price:,})") for p in _products())]
        for row in range(1, ROWS + 1):
            first = row == 1
            self.fields[f"sku_{row}"] = forms.ChoiceField(
                label=_("Product %(row)s") % {"row": row}, choices=products, required=first
            )
            self.fields[f"quantity_{row}"] = forms.IntegerField(
                label=_("Quantity %(row)s") % {"row": row},
                min_value=1,
                max_value=MAX_QUANTITY,
                required=first,
            )
            self.fields[f"price_{row}"] = YenField(
                label=_("Unit price %(row)s") % {"row": row},
                required=False,
                help_text=_("Empty: the price of the catalogue."),
            )
        self.order_fields([name for name in self.fields if name != "note"])
        self.restyle()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for row in range(2, ROWS + 1):
            if cleaned.get(f"sku_{row}") and not cleaned.get(f"quantity_{row}"):
                self.add_error(f"quantity_{row}", _("Enter a quantity."))
        return cleaned

    @property
    def lines(self) -> list[QuotedLine]:
        rows = range(1, ROWS + 1)
        values = [
            [self.cleaned_data.get(f"{name}_{row}") for name in ("sku", "quantity", "price")] for row in rows
        ]
        return [QuotedLine(sku, quantity, price) for sku, quantity, price in values if sku and quantity]


class AnswerForm(OfferForm):
    customer_code = CustomerField(
        required=False,
        help_text=_("Empty: a customer is made of what was entered in the request."),
    )


class DeclineForm(OperatorForm):
    reason = forms.CharField(label=_("reason"), max_length=MAX_REASON)


@admin.register(QuoteRequest)
class QuoteRequestAdmin(OperatorAdmin):
    list_display = ("asked", "company", "contact_name", "wanted", "count", "state_label")
    list_display_links = ("asked", "company")
    search_fields = ("company", "contact_name", "email")
    list_filter = (("state", ChoicesRadioFilter), ("asked_at", RangeDateFilter))
    list_select_related = ("product",)
    page_related = ("product", "customer", "member")
    ordering = ("-asked_at", "-id")
    csv_columns = (
        (_("asked"), "asked_at"),
        (_("company name"), "company"),
        (_("contact"), "contact_name"),
        (_("mail address"), "email"),
        (_("SKU"), "product__sku"),
        (_("quantity"), "quantity"),
        (_("state"), "get_state_display"),
    )

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, request: QuoteRequest) -> str:
        return cells.moments(request.asked_at)

    @display(description=_("product"))
    def wanted(self, request: Any) -> Any:
        return cells.link(request.product)

    @display(description=_("quantity"))
    def count(self, request: QuoteRequest) -> Any:
        return cells.number(request.quantity)

    @display(description=_("state"), ordering="state")
    def state_label(self, request: QuoteRequest) -> Any:
        return _request_label(request)


def _request_label(request: QuoteRequest) -> Any:
    return cells.label(request.get_state_display(), _REQUEST_TONES.get(QuoteRequestState(request.state), ""))


@section(QuoteRequest, order=10)
def request_facts(_request: Any, asked: Any) -> Section:
    made = quotes().filter(request=asked).first()
    return Facts(
        _("Quote request"),
        (
            Fact(_("state"), _request_label(asked)),
            Fact(_("product"), cells.link(asked.product)),
            Fact(_("quantity"), cells.number(asked.quantity)),
            Fact(_("company name"), asked.company),
            Fact(_("contact"), asked.contact_name),
            Fact(_("mail address"), asked.email),
            Fact(_("address"), f"{asked.postcode} {asked.address}"),
            Fact(_("comment"), asked.comment or "—"),
            Fact(_("customer"), cells.link(asked.customer)),
            Fact(_("quote"), cells.link(made)),
            Fact(_("reason"), asked.reason or "—"),
        ),
    )


def _waits(asked: QuoteRequest) -> bool:
    return asked.state == QuoteRequestState.WAITING


@row_act(QuoteRequest, "answer", _("Answer with a quote"), "request_quote", tone="primary", offered=_waits)
def answer(request: Any, asked: Any) -> HttpResponse:
    def make() -> Quote:
        customer = form.cleaned_data["customer_code"] or _customer_of(asked)
        return answer_request(
            request=asked, customer=customer, lines=form.lines, note=form.cleaned_data["note"]
        )

    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        return _("The quote was made; its link is being mailed."), page_of(make())

    form = AnswerForm(
        request.POST or None,
        initial={
            "sku_1": asked.product.sku,
            "quantity_1": asked.quantity,
            "customer_code": asked.customer.code if asked.customer else "",
        },
    )
    question = Question(
        _("Answer with a quote"),
        form,
        act,
        page_of(asked),
        button=_("Send the quote"),
        preview=lambda: preview_response([preview_quote(make)]),
    )
    return ask(request, question, original=asked, opts=asked._meta)


def _customer_of(asked: QuoteRequest) -> Customer:
    """The customer that asked, or a new one of what was entered."""
    known: Customer | None = asked.customer
    return known or create_customer(
        name=asked.company,
        contact=NewContact(asked.contact_name, asked.email),
        postcode=asked.postcode,
        address=asked.address,
    )


@row_act(QuoteRequest, "decline", _("Decline"), "block", tone="danger", offered=_waits)
def decline(request: Any, asked: QuoteRequest) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        decline_request(request=asked, reason=cleaned["reason"])
        return _("The request was declined; who asked is told by mail.")

    form = DeclineForm(request.POST or None)
    question = Question(_("Decline"), form, act, page_of(asked), button=_("Decline"), tone="danger")
    return ask(request, question, original=asked, opts=asked._meta)


def _products() -> QuerySet[Product]:
    found: QuerySet[Product] = Product.objects.filter(discontinued=False).order_by("sku")
    return found
