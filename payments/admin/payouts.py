"""Pay-outs that customers asked for, and the account they are made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesRadioFilter, RangeDateFilter, RangeNumericFilter
from unfold.decorators import display

from accounts.models import BankAccount
from billing_project import clock
from billing_project.backoffice import cells
from billing_project.backoffice.acts import (
    Question,
    act_url,
    ask,
    list_act,
    list_of,
    may_administer,
    page_of,
    row_act,
)
from billing_project.backoffice.asking import Ask, count_of
from billing_project.backoffice.dashboard import Waiting, dashboard
from billing_project.backoffice.forms import DayField, OperatorForm
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Section, section
from billing_project.forms import sent
from payments.models import AccountKind, Payout, PayoutSender, PayoutState
from payments.selectors import payout_sender
from payments.services import return_payout, set_payout_sender, withdraw_payout

SENDER_FIELDS = (
    "sender_code",
    "sender_name",
    "bank_code",
    "branch_code",
    "account_kind",
    "account_number",
)


class ReasonForm(OperatorForm):
    reason = forms.CharField(
        label=_("reason"), max_length=200, required=False, help_text=_("The customer reads it in the mail.")
    )


class ReturnForm(ReasonForm):
    on = DayField(label=_("Came back on"))
    field_order = ("on", "reason")


class SenderForm(OperatorForm):
    sender_code = forms.CharField(
        label=_("consignor code"), max_length=10, help_text=_("Ten digits, given by your bank.")
    )
    sender_name = forms.CharField(label=_("consignor (kana)"), max_length=80)
    bank_code = forms.CharField(label=_("bank code"), max_length=4, help_text=_("Four digits."))
    branch_code = forms.CharField(label=_("branch code"), max_length=3, help_text=_("Three digits."))
    account_kind = forms.ChoiceField(label=_("kind of account"), choices=AccountKind.choices)
    account_number = forms.CharField(label=_("account number"), max_length=7, help_text=_("Seven digits."))


@admin.register(Payout)
class PayoutAdmin(OperatorAdmin):
    list_display = ("pay_day", "company", "holder_kana", "gross", "cost", "carried", "state_label", "asked")
    list_display_links = ("pay_day", "holder_kana")
    search_fields = ("holder_kana", "customer", "account_number")
    search_help_text = _("Company, account holder or number")
    list_filter = (
        ("state", ChoicesRadioFilter),
        ("pay_on", RangeDateFilter),
        ("amount", RangeNumericFilter),
    )
    list_select_related = ("customer",)
    page_related = ("customer", "file")
    ordering = ("-pay_on", "-id")
    csv_columns = (
        (_("pay-out day"), "pay_on"),
        (_("customer number"), "customer__code"),
        (_("company name"), "customer__name"),
        (_("account holder (kana)"), "holder_kana"),
        (_("amount (yen)"), "amount"),
        (_("fee (yen)"), "fee"),
        (_("transferred (yen)"), "net"),
        (_("state"), "get_state_display"),
        (_("executed"), "executed_on"),
    )

    @display(description=_("pay-out day"), ordering="pay_on")
    def pay_day(self, payout: Payout) -> str:
        return cells.days(payout.pay_on)

    @display(description=_("company name"), ordering="customer__name")
    def company(self, payout: Any) -> Any:
        return cells.link(payout.customer)

    @display(description=_("amount (yen)"), ordering="amount")
    def gross(self, payout: Payout) -> Any:
        return cells.yen(payout.amount)

    @display(description=_("fee (yen)"))
    def cost(self, payout: Payout) -> Any:
        return cells.yen(payout.fee)

    @display(description=_("transferred (yen)"))
    def carried(self, payout: Payout) -> Any:
        return cells.yen(payout.net)

    @display(description=_("state"), ordering="state")
    def state_label(self, payout: Payout) -> Any:
        return cells.state(payout.state, payout.get_state_display())

    @display(description=_("asked"), ordering="asked_at")
    def asked(self, payout: Payout) -> str:
        return cells.moments(payout.asked_at)


@section(Payout, order=10)
def payout_facts(_request: Any, payout: Any) -> Section:
    account = f"{payout.bank_code}-{payout.branch_code} {payout.get_account_kind_display()}"
    return Facts(
        _("Pay-out"),
        (
            Fact(_("customer"), cells.link(payout.customer)),
            Fact(_("state"), cells.state(payout.state, payout.get_state_display())),
            Fact(_("amount (yen)"), cells.yen(payout.amount)),
            Fact(_("fee (yen)"), cells.yen(payout.fee)),
            Fact(_("transferred (yen)"), cells.yen(payout.net)),
            Fact(_("bank account"), f"{account} {payout.account_number}"),
            Fact(_("account holder (kana)"), payout.holder_kana),
            Fact(_("asked"), cells.moments(payout.asked_at)),
            Fact(_("pay-out day"), cells.days(payout.pay_on)),
            Fact(_("file"), cells.link(payout.file)),
            Fact(_("executed"), cells.days(payout.executed_on)),
            Fact(_("ended"), cells.moments(payout.ended_at)),
            Fact(_("reason"), payout.reason or "—"),
        ),
    )


def _is_asked(payout: Payout) -> bool:
    return payout.state == PayoutState.ASKED


def _is_paid(payout: Payout) -> bool:
    return payout.state == PayoutState.PAID


@row_act(Payout, "withdraw", _("Withdraw"), "undo", offered=_is_asked, tone="danger")
def withdraw_page(request: Any, payout: Payout) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        withdraw_payout(payout=payout, reason=cleaned["reason"])
        return _("The pay-out was withdrawn. The sum is free deposit again.")

    lead = _("The whole sum becomes free deposit again, and the customer is told by mail.")
    form = ReasonForm(sent(request))
    question = Question(_("Withdraw"), form, act, page_of(payout), lead, tone="danger", previewed=True)
    return ask(request, question, original=payout, opts=payout._meta)


@row_act(Payout, "returned", _("Returned by the bank"), "reply", offered=_is_paid, tone="danger")
def returned_page(request: Any, payout: Payout) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        return_payout(payout=payout, reason=cleaned["reason"], on=cleaned["on"])
        return _("The pay-out was booked as returned. What came back is deposit again.")

    lead = _("The money is on your account again. The customer is told; the bank's fee is not given back.")
    form = ReturnForm(request.POST or None, initial={"on": clock.today()})
    question = Question(
        _("Returned by the bank"), form, act, page_of(payout), lead, tone="danger", previewed=True
    )
    return ask(request, question, original=payout, opts=payout._meta)


@admin.register(PayoutSender)
class PayoutSenderAdmin(OperatorAdmin):
    list_display = ("sender_code", "sender_name", "bank_code", "branch_code", "account_number")
    csv_columns = (
        (_("consignor code"), "sender_code"),
        (_("consignor (kana)"), "sender_name"),
        (_("bank code"), "bank_code"),
        (_("branch code"), "branch_code"),
        (_("account number"), "account_number"),
    )


@section(PayoutSender, order=10)
def sender_facts(_request: Any, sender: PayoutSender) -> Section:
    facts = [Fact(SenderForm.base_fields[name].label or name, _said(sender, name)) for name in SENDER_FIELDS]
    return Facts(_("Sender of pay-outs"), facts)


def _said(sender: PayoutSender, name: str) -> str:
    return sender.get_account_kind_display() if name == "account_kind" else getattr(sender, name)


@list_act(PayoutSender, "edit", _("Enter"), "edit", allowed=may_administer, tone="primary")
def sender_page(request: Any) -> HttpResponse:
    """There is one: the account that files name from now on."""

    def act(cleaned: dict[str, Any]) -> Any:
        set_payout_sender(**cleaned)
        return _("Saved.")

    form = SenderForm(request.POST or None, initial=_sender_now())
    lead = _("The account from which pay-outs are made, and the code by which your bank knows you.")
    question = Question(_("Sender of pay-outs"), form, act, list_of(PayoutSender), lead, button=_("Save"))
    return ask(request, question, opts=PayoutSender._meta)


def _sender_now() -> dict[str, Any]:
    """What is known, else the account that documents print first."""
    if sender := payout_sender():
        return {name: getattr(sender, name) for name in SENDER_FIELDS}
    account = BankAccount.objects.filter(is_active=True).first()
    if account is None:
        return {}
    return {
        "sender_name": account.holder_kana,
        "bank_code": account.bank_code,
        "branch_code": account.branch_code,
        "account_kind": account.kind,
        "account_number": account.number,
    }


def _payout_counts() -> dict[str, Ask]:
    asked = Payout.objects.filter(state=PayoutState.ASKED)
    return {
        "payouts_asked": count_of(asked),
        "payout_senders": count_of(PayoutSender.objects.all()),
    }


@dashboard(Waiting, order=65, asks=_payout_counts)
def payouts_wait(_request: Any, found: dict[str, Any]) -> Iterator[Waiting]:
    if found["payouts_asked"] and not found["payout_senders"]:
        yield Waiting(
            _("Pay-outs were asked for, but the account they are made from is not known."),
            act_url(PayoutSender, "edit"),
        )
