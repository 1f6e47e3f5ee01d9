"""Forms of the control panel about money."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing_project.forms import DayField, YenField
from billing_project.listing import FilterForm
from payments.models import HOLDER_LENGTH, AccountKind, PayoutAccount
from payments.rules import Destination

ACCOUNT_FIELDS = ("bank_code", "branch_code", "account_kind", "account_number", "holder_kana")


class PeriodForm(FilterForm):
    """`wanted` may lack a day that was left out or cannot be read."""

    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)

    def period(self, default: tuple[date, date]) -> tuple[date, date]:
        """What was asked for; the default where a day is missing, or where they are the wrong way round."""
        wanted = self.wanted()
        first, last = wanted.get("first", default[0]), wanted.get("last", default[1])
        return (first, last) if first <= last else default

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        first, last = wanted.get("first"), wanted.get("last")
        if first and last and last < first:
            self.add_error("last", _("The end of the range lies before its start."))
        return wanted


class AccountFields(forms.Form):
    """The account of a pay-out."""

    bank_code = forms.CharField(
        label=_("Bank code"),
        max_length=4,
        help_text=_("Four digits."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    branch_code = forms.CharField(
        label=_("Branch code"),
        max_length=3,
        help_text=_("Three digits."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    account_kind = forms.ChoiceField(label=_("Kind of account"), choices=AccountKind.choices)
    account_number = forms.CharField(
        label=_("Account number"),
        max_length=7,
        help_text=_("Seven digits; put zeros before a shorter number."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    holder_kana = forms.CharField(
        label=_("Account holder (kana)"),
        max_length=HOLDER_LENGTH * 2,
        help_text=_("In kana, as in the passbook. It must be the name under which you have transferred."),
    )

    def destination(self) -> Destination:
        return Destination(**{name: self.cleaned_data[name] for name in ACCOUNT_FIELDS})


class PayoutForm(AccountFields):
    """The fields of a request; `submission` makes it one request however often it is sent."""

    amount = YenField(label=_("Amount (yen)"))
    submission = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("amount", *ACCOUNT_FIELDS)

    @classmethod
    def remembering(cls, account: PayoutAccount | None, amount: int) -> PayoutForm:
        """Filled with the account given last and all that is free."""
        known = {name: getattr(account, name) for name in ACCOUNT_FIELDS} if account else {}
        return cls(initial={**known, "amount": f"{amount:,}" if amount else "", "submission": uuid.uuid4()})
