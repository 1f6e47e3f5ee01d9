"""Quotes and requests for them: the lists, answering, declining, individual offers, links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter
from unfold.decorators import display

from accounts.models import Customer
from accounts.services import NewContact, create_customer
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_of, page_of, row_act
from billing_project.backoffice.dashboard import Waiting, dashboard
from billing_project.backoffice.forms import OperatorForm, YenField
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from invoices.admin.documents import link_state, tax_words
from invoices.models import AccessAction
from invoices.services.links import is_open
from invoices.views.links import visitor_of
from orders.models import (
    Product,
    Quote,
    QuoteAccess,
    QuoteFile,
    QuoteLink,
    QuoteRequest,
    QuoteRequestState,
)
from orders.quote_rules import QuotedLine, QuoteStanding, standing
from orders.quote_selectors import quote_lines, quote_standing, quote_sums, quotes, waiting_requests
from orders.rules import MAX_COMMENT, MAX_QUANTITY
from orders.services.quotes import (
    answer_request,
    decline_request,
    log_quote_access,
    mail_quote_again,
    make_quote,
    revoke_quote_link,
)
from orders.views.quotes import STANDINGS, quote_pdf_response
from payments.rules.dunning import MAX_REASON

SHOWN = 10
ROWS = 5
_TONES = {QuoteStanding.OPEN: "info", QuoteStanding.ORDERED: "success", QuoteStanding.EXPIRED: ""}
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
    customer_code = forms.CharField(
        label=_("customer number"),
        max_length=40,
        required=False,
        help_text=_("Empty: a customer is made of what was entered in the request."),
    )

    def clean_customer_code(self) -> Customer | None:
        code = self.cleaned_data["customer_code"].strip()
        found: Customer | None = Customer.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("There is no customer %(code)s."), params={"code": code})
        return found


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
    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        customer = form.cleaned_data["customer_code"] or _customer_of(asked)
        quote = answer_request(
            request=asked, customer=customer, lines=form.lines, note=form.cleaned_data["note"]
        )
        return _("The quote was made; its link is being mailed."), page_of(quote)

    form = AnswerForm(
        request.POST or None,
        initial={
            "sku_1": asked.product.sku,
            "quantity_1": asked.quantity,
            "customer_code": asked.customer.code if asked.customer else "",
        },
    )
    question = Question(_("Answer with a quote"), form, act, page_of(asked), button=_("Send the quote"))
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
        return _("The request was declined. Please tell who asked.")

    form = DeclineForm(request.POST or None)
    question = Question(_("Decline"), form, act, page_of(asked), button=_("Decline"), tone="danger")
    return ask(request, question, original=asked, opts=asked._meta)


@admin.register(Quote)
class QuoteAdmin(OperatorAdmin):
    list_display = ("number", "company", "made", "until", "sum", "kind", "standing_label")
    list_display_links = ("number",)
    search_fields = ("number", "customer__name", "customer__code", "addressee__company_name")
    search_help_text = _("Quote number, company or customer number")
    list_filter = (("issued_on", RangeDateFilter),)
    list_select_related = ("customer",)
    page_related = ("customer", "addressee", "member", "issuer", "request")
    ordering = ("-made_at", "-id")
    in_search = True
    csv_columns = (
        (_("number"), "number"),
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("made"), "made_at"),
        (_("valid until"), "valid_until"),
        (_("total (yen)"), "total"),
    )

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return quotes().order_by()

    @display(description=_("company name"), ordering="customer__name")
    def company(self, quote: Any) -> Any:
        return cells.link(quote.customer)

    @display(description=_("made"), ordering="made_at")
    def made(self, quote: Quote) -> str:
        return cells.moments(quote.made_at)

    @display(description=_("valid until"), ordering="valid_until")
    def until(self, quote: Quote) -> str:
        return cells.moments(quote.valid_until)

    @display(description=_("total (yen)"), ordering="total")
    def sum(self, quote: Quote) -> Any:
        return cells.yen(quote.total)

    @display(description=_("kind"))
    def kind(self, quote: Quote) -> Any:
        return _("individual") if quote.by_operator else _("catalogue")

    @display(description=_("state"))
    def standing_label(self, quote: Any) -> Any:
        return _standing_label(standing(quote.valid_until, clock.now(), ordered=quote.ordered))


def _standing_label(of_quote: QuoteStanding) -> Any:
    return cells.label(STANDINGS[of_quote], _TONES[of_quote])


@section(Quote, order=10)
def quote_facts(_request: Any, quote: Any) -> Section:
    return Facts(
        _("Quote"),
        (
            Fact(_("number"), quote.number),
            Fact(_("customer"), cells.link(quote.customer)),
            Fact(_("addressee"), str(quote.addressee)),
            Fact(_("mailed to"), quote.recipient),
            Fact(_("made"), cells.moments(quote.made_at)),
            Fact(_("valid until"), cells.moments(quote.valid_until)),
            Fact(_("state"), _standing_label(quote_standing(quote))),
            Fact(_("order"), cells.link(quote.orders.first())),
            Fact(_("request"), cells.link(quote.request)),
            Fact(_("note"), quote.note or "—"),
        ),
    )


@section(Quote, order=20)
def quote_line_table(_request: Any, quote: Quote) -> Section:
    columns = [
        Column(_("SKU")),
        Column(_("description")),
        Column(_("quantity"), numeric=True),
        Column(_("unit price (yen)"), numeric=True),
        Column(_("amount (yen)"), numeric=True),
    ]
    rows = [
        (
            line.sku,
            line.description,
            cells.number(line.quantity),
            cells.yen(line.unit_price),
            cells.yen(line.amount),
        )
        for line in quote_lines(quote)
    ]
    return Table(_("Lines"), columns, rows)


@section(Quote, order=30)
def quote_sum_table(_request: Any, quote: Quote) -> Section:
    columns = [Column(_("Rate")), Column(_("Net"), numeric=True), Column(_("Tax"), numeric=True)]
    rows: list[tuple[Any, ...]] = [
        (tax_words(each.category, each.rate), cells.yen(each.net), cells.yen(each.tax))
        for each in quote_sums(quote)
    ]
    rows.append((_("total (yen)"), cells.yen(quote.total), ""))
    return Table(_("Figures"), columns, rows)


@section(Quote, order=40)
def quote_files(_request: Any, quote: Quote) -> Section:
    found = QuoteFile.objects.filter(quote=quote).defer("content")
    return Table(
        _("Files"),
        [Column(_("size (bytes)"), numeric=True), Column("SHA-256"), Column(_("made"))],
        [(cells.number(file.size), cells.mono(file.sha256), cells.moments(file.made_at)) for file in found],
        empty=_("Not made yet; it is made with the mail or the first download."),
    )


@section(Quote, order=50)
def quote_links(_request: Any, quote: Quote) -> Section:
    found = QuoteLink.objects.filter(quote=quote).order_by("-created_at")
    return Table(
        _("Links"),
        [Column(_("mailed to")), Column(_("made")), Column(_("expires")), Column(_("state"))],
        [
            (link.email, cells.moments(link.created_at), cells.moments(link.expires_at), link_state(link))
            for link in found
        ],
        empty=_("None: the mail has not been written yet."),
    )


@section(Quote, order=60)
def quote_accesses(_request: Any, quote: Quote) -> Section:
    found = QuoteAccess.objects.filter(quote=quote).order_by("-at")[:50]
    return Table(
        _("Download log"),
        [Column(_("when")), Column(_("act")), Column(_("who")), Column(_("from where"))],
        [(cells.moments(a.at), a.get_action_display(), a.actor_label, a.ip_address or "—") for a in found],
    )


@row_act(Quote, "pdf", _("PDF"), "picture_as_pdf", allowed=lambda _request: True, tone="primary")
def pdf(request: Any, quote: Quote) -> HttpResponse:
    """The file itself; the download log notes the operator."""
    visitor = visitor_of(request, request.user.email)
    log_quote_access(quote=quote, action=AccessAction.DOWNLOADED, visitor=visitor)
    return quote_pdf_response(quote)


@row_act(Quote, "mail", _("Mail again"), "forward_to_inbox")
def mail(request: Any, quote: Quote) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        mail_quote_again(quote=quote)
        return _("The quote is being mailed.")

    lead = _("A new link to %(number)s is mailed to %(email)s. Earlier links stay open.")
    words = lead % {"number": quote.number, "email": quote.recipient}
    question = Question(_("Mail again"), OperatorForm(request.POST), act, page_of(quote), words)
    return ask(request, question, original=quote, opts=quote._meta)


@row_act(Quote, "revoke-links", _("Revoke links"), "link_off", tone="danger")
def revoke(request: Any, quote: Quote) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        for link in QuoteLink.objects.filter(quote=quote).order_by("pk"):
            if is_open(link):
                revoke_quote_link(link=link)
        return _("The links open nothing any more.")

    lead = _("Whoever has a link to this quote can no longer open it.")
    question = Question(
        _("Revoke links"), OperatorForm(request.POST), act, page_of(quote), lead, tone="danger"
    )
    return ask(request, question, original=quote, opts=quote._meta)


@row_act(Customer, "quote", _("New quote"), "request_quote")
def new_quote(request: Any, customer: Customer) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        quote = make_quote(
            customer=customer, lines=form.lines, by_operator=True, note=form.cleaned_data["note"]
        )
        return _("The quote was made; its link is being mailed."), page_of(quote)

    form = OfferForm(request.POST or None)
    lead = _("It is mailed to the accounting contact.")
    question = Question(_("New quote"), form, act, page_of(customer), lead, button=_("Send the quote"))
    return ask(request, question, original=customer, opts=customer._meta)


@section(Customer, order=35)
def customer_quotes(_request: Any, customer: Customer) -> Section | None:
    found = quotes(customer=customer)[:SHOWN]
    rows = [
        (
            cells.link(each),
            cells.moments(each.made_at),
            cells.yen(each.total),
            _standing_label(standing(each.valid_until, clock.now(), ordered=each.ordered)),
        )
        for each in found
    ]
    columns = [
        Column(_("number")),
        Column(_("made")),
        Column(_("total (yen)"), numeric=True),
        Column(_("state")),
    ]
    return Table(_("Quotes"), columns, rows, more=list_of(Quote, f"q={customer.code}")) if rows else None


@dashboard(Waiting, order=35)
def requests_wait(_request: Any) -> Iterator[Waiting]:
    count = waiting_requests().count()
    if count:
        text = ngettext(
            "%(count)s request for a quote waits for an answer.",
            "%(count)s requests for a quote wait for an answer.",
            count,
        )
        yield Waiting(text % {"count": count}, list_of(QuoteRequest, "state__exact=waiting"))


def _products() -> QuerySet[Product]:
    found: QuerySet[Product] = Product.objects.filter(discontinued=False).order_by("sku")
    return found
