"""What is done about one transfer: matched, split, undone, sent back; a doubt or a cancellation settled."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, page_of, row_act
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table, section
from billing_project.errors import InvalidValue
from billing_project.money import parse_yen
from invoices.models import Document
from payments.admin.desk import desk_address
from payments.models import BankCancellation, Match, Payment, PaymentState
from payments.selectors import suggestions
from payments.services import (
    Part,
    match_by_hand,
    retry_cancellation,
    send_back,
    settle_cancellation,
    settle_doubt,
    undo_match,
)


def customer_of(code: str) -> Customer:
    """Raises ValidationError for an unknown customer number."""
    found: Customer | None = Customer.objects.filter(code=code.strip()).first()
    if found is None:
        raise forms.ValidationError(_("There is no customer %(code)s."), params={"code": code})
    return found


def documents_of(text: str) -> list[Document]:
    """The documents of these numbers, in their order. Raises ValidationError for an unknown one."""
    numbers = text.replace(",", " ").split()
    found = {each.number: each for each in Document.objects.filter(number__in=numbers)}
    for number in numbers:
        if number not in found:
            raise forms.ValidationError(_("There is no document %(number)s."), params={"number": number})
    return [found[number] for number in numbers]


class MatchForm(OperatorForm):
    customer_code = forms.CharField(label=_("customer number"), max_length=40)
    documents = forms.CharField(
        label=_("documents"),
        required=False,
        help_text=_(
            "Numbers of documents to be paid first, separated by blanks. Empty: as the sums suggest."
        ),
    )

    def clean_customer_code(self) -> Customer:
        return customer_of(self.cleaned_data["customer_code"])

    def clean_documents(self) -> list[Document]:
        return documents_of(self.cleaned_data["documents"])


class AcceptForm(OperatorForm):
    customer = forms.IntegerField(widget=forms.HiddenInput)
    document = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_customer(self) -> Customer:
        found: Customer | None = Customer.objects.filter(pk=self.cleaned_data["customer"]).first()
        if found is None:
            raise forms.ValidationError(_("This customer is not there any more."))
        return found

    def clean_document(self) -> Document | None:
        found: Document | None = Document.objects.filter(pk=self.cleaned_data["document"]).first()
        return found


class SplitForm(OperatorForm):
    parts = forms.CharField(
        label=_("parts"),
        widget=forms.Textarea({"rows": 6, "class": "mono"}),
        help_text=_(
            "One line for each customer: customer number, amount, then documents if wished,"
            " such as C00001 30,000 INV-2026-000012"
        ),
    )

    def clean_parts(self) -> list[Part]:
        lines = [line.split() for line in self.cleaned_data["parts"].splitlines() if line.strip()]
        return [self._part(words) for words in lines]

    def _part(self, words: list[str]) -> Part:
        if len(words) < 2:
            raise forms.ValidationError(_("Each line needs a customer number and an amount."))
        try:
            amount = parse_yen(words[1])
        except InvalidValue as error:
            raise forms.ValidationError(error.message) from error
        return Part(customer_of(words[0]), amount, documents_of(" ".join(words[2:])))


class ReasonForm(OperatorForm):
    reason = forms.CharField(label=_("reason"), max_length=200)


def _waits(payment: Payment) -> bool:
    return payment.state == PaymentState.UNMATCHED


def _is_matched(payment: Payment) -> bool:
    return payment.state == PaymentState.SUCCEEDED


def _is_doubtful(payment: Payment) -> bool:
    return payment.state == PaymentState.DOUBTFUL


@section(Payment, order=7)
def what_it_may_be(request: Any, payment: Payment) -> Section | None:
    if not _waits(payment):
        return None
    columns = [Column(_("Customer")), Column(_("Documents")), Column(_("What speaks for it"))]
    rows = [
        (cells.link(each.customer), _numbers(each.documents), _reasons(each)) for each in suggestions(payment)
    ]
    text = _("None: neither the name nor the sum fits a customer.")
    return Table(_("Suggestions"), columns, rows, text, desk_address())


def _numbers(documents: Any) -> str:
    return " ".join(f"{document.number}" for document in documents) or "—"


def _reasons(suggestion: Any) -> str:
    said = [
        (suggestion.by_name, _("the name")),
        (suggestion.by_sum, _("the sum")),
        (suggestion.by_fee, _("short by a fee")),
    ]
    return ", ".join(str(text) for holds, text in said if holds)


@section(Payment, order=8)
def perhaps_the_same(_request: Any, payment: Any) -> Section | None:
    if payment.perhaps_same_as_id is None:
        return None
    other = Payment.objects.get(pk=payment.perhaps_same_as_id)
    title = _("Perhaps the same as") if _is_doubtful(payment) else _("The same as")
    return Facts(
        title,
        (
            Fact(_("Payment"), cells.link(other)),
            Fact(_("state"), other.get_state_display()),
            Fact(_("bank's number"), f"{payment.bank_number or '—'} / {other.bank_number or '—'}"),
            Fact(_("payer"), f"{payment.payer_name or '—'} / {other.payer_name or '—'}"),
            Fact(_("file"), f"{payment.bank_file or '—'} / {other.bank_file or _('entered by hand')}"),
        ),
    )


@section(Payment, order=25)
def matches(_request: Any, payment: Payment) -> Section | None:
    rows = Match.objects.filter(payment=payment).select_related("customer", "entry").order_by("pk")
    columns = [
        Column(_("customer")),
        Column(_("Amount"), numeric=True),
        Column(_("kind")),
        Column(_("short by (yen)"), numeric=True),
        Column(_("matched")),
        Column(_("undone")),
        Column(_("Ledger entry")),
    ]
    return Table(_("Matches"), columns, [_match_row(row) for row in rows]) if rows else None


def _match_row(match: Any) -> tuple[Any, ...]:
    by = _("by hand") if match.by_hand else _("by itself")
    return (
        cells.link(match.customer),
        cells.yen(match.amount),
        match.get_kind_display(),
        cells.yen(match.short),
        f"{cells.moments(match.matched_at)} {by}",
        cells.moments(match.undone_at),
        cells.link(match.entry),
    )


@row_act(Payment, "accept", _("Accept suggestion"), "check", offered=lambda _payment: False)
def accept(request: Any, payment: Payment) -> HttpResponse:
    """One click on the desk; the form holds the ids of the suggestion."""

    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        customer, document = cleaned["customer"], cleaned["document"]
        match_by_hand(payment=payment, customer=customer, documents=[document] if document else [])
        return _("The transfer was matched with %(name)s.") % {"name": customer}, desk_address()

    form = AcceptForm(request.POST or None)
    lead = _("%(payer)s, %(amount)s yen. What no document takes becomes deposit.")
    return _asked(request, payment, _("Accept suggestion"), form, act, lead)


@row_act(Payment, "match", _("Match by hand"), "person_search", offered=_waits, tone="primary")
def match_page(request: Any, payment: Payment) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        match_by_hand(payment=payment, customer=cleaned["customer_code"], documents=cleaned["documents"])
        return _("The transfer was matched, and its payer's name is remembered."), page_of(payment)

    form = MatchForm(request.POST or None)
    lead = _("%(payer)s, %(amount)s yen. What no document takes becomes deposit.")
    return _asked(request, payment, _("Match by hand"), form, act, lead)


@row_act(Payment, "split", _("Split"), "call_split", offered=_waits)
def split_page(request: Any, payment: Payment) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        match_by_hand(payment=payment, parts=cleaned["parts"])
        return _("The transfer was divided."), page_of(payment)

    form = SplitForm(request.POST or None)
    lead = _("%(payer)s, %(amount)s yen. The parts must add up to the whole transfer.")
    return _asked(request, payment, _("Split over several customers"), form, act, lead)


@row_act(Payment, "undo", _("Undo match"), "undo", offered=_is_matched, tone="danger")
def undo_page(request: Any, payment: Payment) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        undo_match(payment=payment)
        return _("The match was undone; the transfer waits again."), page_of(payment)

    form = OperatorForm(request.POST)
    lead = _(
        "%(payer)s, %(amount)s yen. The match is reversed today: its documents are open again, the money"
        " waits in suspense, and what was learned from it is forgotten. Deposit that is free pays the"
        " documents at once, as your policy says."
    )
    return _asked(request, payment, _("Undo match"), form, act, lead, "danger")


@row_act(Payment, "send-back", _("Send back"), "reply", offered=_waits)
def send_back_page(request: Any, payment: Payment) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        send_back(payment=payment, reason=cleaned["reason"])
        return _("The transfer was booked as sent back."), page_of(payment)

    form = ReasonForm(request.POST or None)
    lead = _("%(payer)s, %(amount)s yen. Use it when the money has left your account again.")
    return _asked(request, payment, _("Send back"), form, act, lead, "danger")


@row_act(Payment, "same", _("It is the same"), "link", offered=_is_doubtful, tone="primary")
def same_page(request: Any, payment: Payment) -> HttpResponse:
    return _doubt_page(request, payment, is_same=True, title=_("It is the same"))


@row_act(Payment, "other", _("It is another"), "call_split", offered=_is_doubtful)
def other_page(request: Any, payment: Payment) -> HttpResponse:
    return _doubt_page(request, payment, is_same=False, title=_("It is another"))


def _doubt_page(request: Any, payment: Payment, *, is_same: bool, title: Any) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> tuple[Any, str]:
        settle_doubt(payment=payment, is_same=is_same)
        done = _("It is known already; nothing was booked.") if is_same else _("The transfer was booked.")
        return done, desk_address()

    lead = (
        _("%(payer)s, %(amount)s yen. It is the transfer that is booked already; nothing more is booked.")
        if is_same
        else _("%(payer)s, %(amount)s yen. It is a transfer of its own and is booked now.")
    )
    return _asked(request, payment, title, OperatorForm(request.POST), act, lead)


def _asked(
    request: Any, payment: Payment, title: Any, form: Any, act: Any, lead: Any, tone: str = "primary"
) -> HttpResponse:
    facts = {"payer": payment.payer_name or "—", "amount": f"{payment.amount:,}"}
    question = Question(title, form, act, page_of(payment), str(lead) % facts, tone=tone)
    return ask(request, question, original=payment, opts=payment._meta)


@admin.register(BankCancellation)
class BankCancellationAdmin(OperatorAdmin):
    list_display = ("booked_on", "payer_name", "amount", "why", "settled_at")
    list_display_links = ("booked_on", "payer_name")
    search_fields = ("payer_name", "account", "reference")
    ordering = ("-booked_on", "-id")
    page_related = ("payment", "bank_file")
    csv_columns = (
        (_("booked"), "booked_on"),
        (_("payer"), "payer_name"),
        (_("amount (yen)"), "amount"),
        (_("bank account"), "account"),
        (_("why it waits"), "why"),
        (_("settled"), "settled_at"),
        (_("note"), "note"),
    )


@section(BankCancellation, order=10)
def cancellation_facts(_request: Any, row: Any) -> Section:
    return Facts(
        _("The bank's cancellation"),
        (
            Fact(_("booked"), cells.days(row.booked_on)),
            Fact(_("payer"), row.payer_name or "—"),
            Fact(_("amount (yen)"), cells.yen(row.amount)),
            Fact(_("bank account"), row.account),
            Fact(_("bank's number"), row.bank_number or "—"),
            Fact(_("file"), cells.link(row.bank_file)),
            Fact(_("Payment"), cells.link(row.payment)),
            Fact(_("settled"), cells.moments(row.settled_at)),
            Fact(_("note"), row.note or "—"),
        ),
    )


@section(BankCancellation, order=5)
def why_it_waits(_request: Any, row: BankCancellation) -> Section | None:
    return Prose(_("Waits for a person"), row.why, "warning") if row.settled_at is None else None


def _unsettled(row: BankCancellation) -> bool:
    return row.settled_at is None


@row_act(BankCancellation, "retry", _("Try again"), "refresh", offered=_unsettled, tone="primary")
def retry_page(request: Any, row: BankCancellation) -> HttpResponse:
    def act(_cleaned: dict[str, Any]) -> Any:
        settled = retry_cancellation(cancellation=row).settled_at is not None
        return _("The transfer was taken back.") if settled else _("It still cannot be taken back.")

    lead = _("The match of the transfer is undone, and the money leaves the account.")
    question = Question(_("Try again"), OperatorForm(request.POST), act, page_of(row), lead)
    return ask(request, question, original=row, opts=row._meta)


@row_act(BankCancellation, "settle", _("Settled otherwise"), "done", offered=_unsettled)
def settle_page(request: Any, row: BankCancellation) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        settle_cancellation(cancellation=row, note=cleaned["reason"])
        return _("Noted."), desk_address()

    lead = _("Say how it was settled. Nothing is booked by this.")
    question = Question(_("Settled otherwise"), ReasonForm(request.POST or None), act, page_of(row), lead)
    return ask(request, question, original=row, opts=row._meta)
