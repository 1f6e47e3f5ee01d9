"""Quotes: the list, one quote, individual offers, links."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from accounts.models import Customer
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_of, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Section, Table, section
from invoices.admin.documents.words import links_table, tax_words
from invoices.models import AccessAction
from invoices.services.links import is_open
from invoices.views.links import visitor_of
from invoices.views.previews import preview_response
from orders.admin.quote_requests import OfferForm
from orders.models import (
    Quote,
    QuoteAccess,
    QuoteFile,
    QuoteLink,
)
from orders.quote_rules import QuoteStanding, standing
from orders.quote_selectors import quote_lines, quote_standing, quote_sums, quotes
from orders.services.quotes import (
    log_quote_access,
    mail_quote_again,
    make_quote,
    preview_quote,
    revoke_quote_link,
)
from orders.views.quotes import STANDINGS, quote_pdf_response

SHOWN = 10
_TONES = {QuoteStanding.OPEN: "info", QuoteStanding.ORDERED: "success", QuoteStanding.EXPIRED: ""}


@admin.register(Quote)
class QuoteAdmin(OperatorAdmin):
    list_display = ("number", "company", "made", "until", "sum", "kind", "standing_label")
    list_display_links = ("number",)
    search_fields = ("^number", "addressee")
    search_help_text = _("Quote number, company or customer number")
    list_filter = (("issued_on", RangeDateFilter),)
    list_select_related = ("customer",)
    page_related = ("customer", "addressee", "member", "issuer", "request")
    ordering = ("-made_at", "-id")
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
        Column(_("description"), leads=True),
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
        [Column(_("size (bytes)"), numeric=True), Column("SHA-256"), Column(_("made"), leads=True)],
        [(cells.number(file.size), cells.mono(file.sha256), cells.moments(file.made_at)) for file in found],
        empty=_("Not made yet; it is made with the mail or the first download."),
    )


@section(Quote, order=50)
def quote_links(_request: Any, quote: Quote) -> Section:
    return links_table(QuoteLink.objects.filter(quote=quote))


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
    def make() -> Quote:
        return make_quote(
            customer=customer, lines=form.lines, by_operator=True, note=form.cleaned_data["note"]
        )

    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        return _("The quote was made; its link is being mailed."), page_of(make())

    form = OfferForm(request.POST or None)
    question = Question(
        _("New quote"),
        form,
        act,
        page_of(customer),
        _("It is mailed to the accounting contact."),
        button=_("Send the quote"),
        preview=lambda: preview_response([preview_quote(make)]),
    )
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
