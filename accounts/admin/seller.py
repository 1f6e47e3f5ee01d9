"""What documents say about the seller: issuer and bank accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import BankAccount, Issuer
from accounts.registration import RegistrationNumberField, number_problem
from accounts.services.issuer import add_bank_account, change_bank_account, change_issuer
from billing_project.backoffice.acts import (
    Question,
    ask,
    list_act,
    list_of,
    may_administer,
    page_of,
    page_of_key,
    row_act,
)
from billing_project.backoffice.asking import Ask, count_of, row_of
from billing_project.backoffice.dashboard import Waiting, dashboard
from billing_project.backoffice.forms import OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Prose, Section, section


class IssuerForm(OperatorForm):
    name = forms.CharField(label=_("legal name"), max_length=200)
    service_name = forms.CharField(label=_("service name"), max_length=100)
    registration_number = RegistrationNumberField()
    charges_tax = forms.BooleanField(
        label=_("charges consumption tax"),
        required=False,
        help_text=_("A tax-exempt business (免税事業者) states neither rate nor tax on its documents."),
    )
    postcode = forms.CharField(label=_("postcode"), max_length=8, required=False)
    address = forms.CharField(label=_("address"), max_length=300, required=False)
    phone = forms.CharField(label=_("phone"), max_length=20, required=False)
    email = forms.EmailField(label=_("mail address"), required=False)
    document_note = forms.CharField(
        label=_("note on documents"), required=False, widget=forms.Textarea({"rows": 3})
    )


class BankAccountForm(OperatorForm):
    position = forms.IntegerField(label=_("position"), min_value=1, max_value=99, initial=1)
    bank_code = forms.CharField(label=_("bank code"), max_length=4, help_text=_("Four digits."))
    bank_name = forms.CharField(label=_("bank"), max_length=60)
    branch_code = forms.CharField(label=_("branch code"), max_length=3, help_text=_("Three digits."))
    branch_name = forms.CharField(label=_("branch"), max_length=60)
    kind = forms.ChoiceField(label=_("kind of account"), choices=BankAccount.Kind.choices)
    number = forms.CharField(
        label=_("account number"),
        max_length=7,
        help_text=_("Seven digits; put zeros before a shorter number."),
    )
    holder_kana = forms.CharField(label=_("account holder (kana)"), max_length=48)
    is_active = forms.BooleanField(label=_("Printed on documents"), required=False, initial=True)


@admin.register(Issuer)
class IssuerAdmin(OperatorAdmin):
    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        """There is one issuer: its page."""
        return HttpResponseRedirect(page_of(Issuer.objects.get()))


@admin.register(BankAccount)
class BankAccountAdmin(OperatorAdmin):
    list_display = ("position", "bank", "branch_name", "kind_name", "number", "holder_kana", "active")
    list_display_links = ("bank",)
    search_fields = ("bank_name", "branch_name", "number")
    csv_columns = (
        (_("bank code"), "bank_code"),
        (_("bank"), "bank_name"),
        (_("branch code"), "branch_code"),
        (_("branch"), "branch_name"),
        (_("kind of account"), "get_kind_display"),
        (_("account number"), "number"),
        (_("account holder (kana)"), "holder_kana"),
        (_("active"), lambda account: int(account.is_active)),
    )

    @display(description=_("bank"), ordering="bank_name")
    def bank(self, account: BankAccount) -> str:
        return account.bank_name

    @display(description=_("kind of account"))
    def kind_name(self, account: BankAccount) -> str:
        return account.get_kind_display()

    @display(description=_("active"), boolean=True)
    def active(self, account: BankAccount) -> bool:
        return account.is_active


@section(Issuer, order=5)
def doubts(_request: Any, issuer: Issuer) -> Section | None:
    problem = number_problem(issuer.registration_number) if issuer.charges_tax else ""
    return Prose("", problem, "warning") if problem else None


@section(Issuer, order=10)
def as_printed(_request: Any, issuer: Issuer) -> Section:
    return Facts(
        _("As documents print it"),
        (
            Fact(_("legal name"), issuer.name),
            Fact(_("service name"), issuer.service_name),
            Fact(_("registration number"), issuer.registration_number or "—"),
            Fact(_("charges consumption tax"), _("Yes") if issuer.charges_tax else _("No")),
            Fact(_("postcode"), issuer.postcode or "—"),
            Fact(_("address"), issuer.address or "—"),
            Fact(_("phone"), issuer.phone or "—"),
            Fact(_("mail address"), issuer.email or "—"),
            Fact(_("note on documents"), issuer.document_note or "—"),
        ),
    )


@section(BankAccount, order=10)
def account_facts(_request: Any, account: BankAccount) -> Section:
    return Facts(
        _("Bank account"),
        (
            Fact(_("bank"), f"{account.bank_name} ({account.bank_code})"),
            Fact(_("branch"), f"{account.branch_name} ({account.branch_code})"),
            Fact(_("kind of account"), account.get_kind_display()),
            Fact(_("account number"), account.number),
            Fact(_("account holder (kana)"), account.holder_kana),
            Fact(_("position"), account.position),
            Fact(_("Printed on documents"), _("Yes") if account.is_active else _("No")),
        ),
    )


@row_act(Issuer, "edit", _("Change"), "edit", allowed=may_administer, tone="primary")
def edit_issuer(request: Any, issuer: Issuer) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        change_issuer(**cleaned)
        return _("Saved.")

    lead = _("Documents issued from now on print this; those that were issued stay as they are.")
    form = IssuerForm(request.POST or None, initial=_values(issuer, IssuerForm))
    question = Question(_("Change issuer"), form, act, page_of(issuer), lead, button=_("Save"))
    return ask(request, question, original=issuer, opts=issuer._meta)


@list_act(BankAccount, "new", _("New bank account"), "add", allowed=may_administer, tone="primary")
def new_account(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        add_bank_account(**cleaned)
        return _("The bank account was added.")

    form = BankAccountForm(request.POST or None)
    return ask(
        request,
        Question(_("New bank account"), form, act, list_of(BankAccount), button=_("Add")),
    )


@row_act(BankAccount, "edit", _("Change"), "edit", allowed=may_administer, tone="primary")
def edit_account(request: Any, account: BankAccount) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        change_bank_account(account=account, **cleaned)
        return _("Saved.")

    form = BankAccountForm(request.POST or None, initial=_values(account, BankAccountForm))
    question = Question(_("Change bank account"), form, act, page_of(account), button=_("Save"))
    return ask(request, question, original=account, opts=account._meta)


def _printed() -> dict[str, Ask]:
    return {
        "issuer": row_of(Issuer.objects.all(), "pk", "charges_tax", "registration_number"),
        "bank_accounts": count_of(BankAccount.objects.filter(is_active=True)),
    }


@dashboard(Waiting, order=10, asks=_printed)
def seller_waits(_request: Any, found: dict[str, Any]) -> Iterator[Waiting]:
    issuer = found["issuer"]
    problem = number_problem(issuer["registration_number"]) if issuer["charges_tax"] else ""
    if problem:
        yield Waiting(problem, page_of_key(Issuer, issuer["pk"], "edit"), "danger")
    if not found["bank_accounts"]:
        yield Waiting(
            _("No bank account is printed on documents: customers cannot tell where to pay."),
            list_of(BankAccount),
        )


def _values(row: Any, form: type[OperatorForm]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}
