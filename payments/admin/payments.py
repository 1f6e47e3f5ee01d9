"""Money that arrived: the list, entering a transfer by hand, names of payers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter, RangeNumericFilter
from unfold.decorators import display

from accounts.admin.customer_field import CustomerField
from accounts.models import Customer
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.columns import add_fact
from billing_project.backoffice.filters import SelectFilter
from billing_project.backoffice.forms import DayField, OperatorForm, YenField
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Column, Fact, Facts, Prose, Section, Table, section
from invoices.models import Allocation, AllocationSource
from payments.models import PayerName, Payment, PaymentState
from payments.selectors import accounts_paid_into, payments, payments_like
from payments.services import add_payer_name, receive_transfer

SHOWN = 10


class TransferForm(OperatorForm):
    amount = YenField(label=_("amount (yen)"))
    payer_name = forms.CharField(
        label=_("payer"), max_length=100, help_text=_("As the bank prints it; kana of any width will do.")
    )
    received_on = DayField(label=_("Received on"))
    reference = forms.CharField(
        label=_("reference"),
        max_length=120,
        help_text=_("What identifies the transfer at the bank. The same reference is booked once."),
    )
    customer_code = CustomerField(
        required=False, help_text=_("Empty: found by the payer's name, else the transfer waits as unmatched.")
    )


class PayerNameForm(OperatorForm):
    name = forms.CharField(
        label=_("payer name"),
        max_length=100,
        help_text=_("As the bank prints it; kana of any width will do."),
    )


class AccountFilter(SelectFilter):
    title = _("bank account")
    parameter_name = "account"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(account, account) for account in accounts_paid_into()]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(account=self.value()) if self.value() else queryset


@admin.register(Payment)
class PaymentAdmin(OperatorAdmin):
    list_display = ("received", "payer_name", "company", "sum", "state_label", "reference")
    list_display_links = ("received", "payer_name")
    search_fields = ("payer_name", "reference", "customer")
    search_help_text = _("Payer, reference or company")
    list_filter = (
        ("state", ChoicesRadioFilter),
        AccountFilter,
        ("received_on", RangeDateFilter),
        ("amount", RangeNumericFilter),
    )
    list_select_related = ("customer",)
    page_related = ("customer", "bank_file")
    page_deferred = ("bank_file__content",)
    ordering = ("-received_on", "-id")
    csv_columns = (
        (_("received"), "received_on"),
        (_("payer"), "payer_name"),
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("amount (yen)"), "amount"),
        (_("state"), "get_state_display"),
        (_("reference"), "reference"),
    )

    def held(self, word: str) -> Q:
        return payments_like(word)

    @display(description=_("received"), ordering="received_on")
    def received(self, payment: Payment) -> str:
        return cells.days(payment.received_on)

    @display(description=_("company name"), ordering="customer__name")
    def company(self, payment: Any) -> Any:
        return cells.link(payment.customer)

    @display(description=_("amount (yen)"), ordering="amount")
    def sum(self, payment: Payment) -> Any:
        return cells.yen(payment.amount)

    @display(description=_("state"), ordering="state")
    def state_label(self, payment: Payment) -> Any:
        return cells.state(payment.state, payment.get_state_display())


@section(Payment, order=5)
def nobody_known(_request: Any, payment: Payment) -> Section | None:
    if payment.state != PaymentState.UNMATCHED:
        return None
    text = _("Whose money it is, is not known for certain, so it waits in suspense. Match it by hand.")
    return Prose(_("Unmatched"), text, "warning")


@section(Payment, order=10)
def payment_facts(_request: Any, payment: Any) -> Section:
    return Facts(
        _("Payment"),
        (
            Fact(_("received"), cells.days(payment.received_on)),
            Fact(_("amount (yen)"), cells.yen(payment.amount)),
            Fact(_("payer"), payment.payer_name),
            Fact(_("customer"), cells.link(payment.customer)),
            Fact(_("method"), payment.get_method_display()),
            Fact(_("state"), cells.state(payment.state, payment.get_state_display())),
            Fact(_("bank account"), payment.account or "—"),
            Fact(_("bank's number"), payment.bank_number or "—"),
            Fact(_("note"), payment.note or "—"),
            Fact(_("file"), cells.link(payment.bank_file)),
            Fact(_("reference"), payment.reference),
            Fact(_("recorded"), cells.moments(payment.recorded_at)),
        ),
    )


@section(Payment, order=20)
def what_it_paid(_request: Any, payment: Payment) -> Section:
    paid = Allocation.objects.filter(source=AllocationSource.PAYMENT, source_id=payment.pk)
    rows = paid.select_related("document").order_by("id")
    return Table(
        _("Documents paid"),
        [Column(_("Document")), Column(_("Amount"), numeric=True), Column(_("recorded"))],
        [(cells.link(row.document), cells.yen(row.amount), cells.moments(row.recorded_at)) for row in rows],
        empty=_("None: the sum is deposit, or waits in suspense."),
    )


@section(Customer, order=50)
def customer_payments(_request: Any, customer: Customer) -> Section:
    rows = payments(customer=customer)[:SHOWN]
    return Table(
        _("Payments"),
        [Column(_("received")), Column(_("payer")), Column(_("Amount"), numeric=True)],
        [
            (cells.link(each, cells.days(each.received_on)), each.payer_name, cells.yen(each.amount))
            for each in rows
        ],
        more=list_of(Payment, f"q={customer.code}"),
    )


add_fact(
    Customer,
    "known_payer_names",
    lambda: ArraySubquery(
        PayerName.objects.filter(customer=OuterRef("pk")).order_by("name").values_list("name")
    ),
)


@section(Customer, order=55)
def payer_names(_request: Any, customer: Any) -> Section:
    return Table(
        _("Payer names"),
        [Column(_("As the bank prints it"))],
        [(name,) for name in customer.known_payer_names],
        empty=_("None: transfers are matched by the company's kana name alone."),
    )


@list_act(Payment, "record", _("Record transfer"), "add", tone="primary")
def record_transfer(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        payment = receive_transfer(customer=cleaned.pop("customer_code"), **cleaned)
        matched = payment.state == PaymentState.SUCCEEDED
        text = (
            _("The transfer was booked.") if matched else _("The transfer was booked; its payer is unknown.")
        )
        return text, page_of(payment)

    form = TransferForm(request.POST or None, initial={"received_on": clock.today()})
    lead = _("The money pays the customer's open documents, oldest due first; what is left becomes deposit.")
    question = Question(
        _("Record transfer"), form, act, list_of(Payment), lead, button=_("Book"), previewed=True
    )
    return ask(request, question, opts=Payment._meta)


@row_act(Customer, "payer-name", _("Add payer name"), "badge")
def new_payer_name(request: Any, customer: Customer) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        add_payer_name(customer=customer, name=cleaned["name"])
        return _("The payer name was added.")

    form = PayerNameForm(request.POST or None)
    question = Question(_("Add payer name"), form, act, page_of(customer), button=_("Add"))
    return ask(request, question, original=customer, opts=customer._meta)
