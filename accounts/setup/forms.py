"""One form for each step of a set-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.bank_names import bank_name, branch_name
from accounts.models import BankAccount
from accounts.registration import RegistrationNumberField

PRESETS = (
    ("certificate-shop", _("Certificate shop")),
    ("hosting", _("Hosting")),
    ("electricity", _("Electricity")),
    ("software-store", _("Software store")),
    ("managed-pki", _("Managed PKI")),
    ("id-check", _("Identity checks")),
)


class ShopForm(forms.Form):
    preset = forms.ChoiceField(
        label=_("Kind of business"),
        choices=PRESETS,
        help_text=_("Where your billing policy starts from; every field of it can be changed later."),
    )
    name = forms.CharField(label=_("service name"), max_length=100)
    slug = forms.SlugField(
        label=_("subdomain"),
        max_length=40,
        help_text=_("The first part of your address: small letters, digits and hyphens, such as alpha."),
    )


class SellerForm(forms.Form):
    name = forms.CharField(label=_("legal name"), max_length=200)
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


class BankForm(forms.Form):
    bank_code = forms.RegexField(
        r"^[0-9]{4}\Z",
        label=_("bank code"),
        help_text=_("Four digits."),
        error_messages={"invalid": _("Four digits.")},
    )
    branch_code = forms.RegexField(
        r"^[0-9]{3}\Z",
        label=_("branch code"),
        help_text=_("Three digits."),
        error_messages={"invalid": _("Three digits.")},
    )
    bank_name = forms.CharField(
        label=_("bank"), max_length=60, required=False, help_text=_("Left empty, it is found by its code.")
    )
    branch_name = forms.CharField(
        label=_("branch"), max_length=60, required=False, help_text=_("Left empty, it is found by its code.")
    )
    kind = forms.ChoiceField(label=_("kind of account"), choices=BankAccount.Kind.choices)
    number = forms.CharField(
        label=_("account number"),
        max_length=7,
        help_text=_("Seven digits; put zeros before a shorter number."),
    )
    holder_kana = forms.CharField(label=_("account holder (kana)"), max_length=48)

    def clean(self) -> dict[str, Any]:
        """Names that were left empty are looked for by their codes."""
        found = super().clean() or {}
        bank, branch = found.get("bank_code"), found.get("branch_code")
        if bank:
            self._take("bank_name", bank_name(bank))
        if bank and branch:
            self._take("branch_name", branch_name(bank, branch))
        return self.cleaned_data

    def _take(self, field: str, name: str) -> None:
        self.cleaned_data[field] = self.cleaned_data.get(field) or name
        if not self.cleaned_data[field]:
            self.add_error(field, _("There is no name for this code in our list. Please write it here."))


class LookForm(forms.Form):
    logo = forms.FileField(
        label=_("logo"),
        required=False,
        help_text=_("PNG or JPEG, up to 500 kB. Printed 14 mm high above the seller's name."),
    )
    seal = forms.FileField(
        label=_("seal image"),
        required=False,
        help_text=_("PNG with a transparent or white ground. Printed 20 mm wide."),
    )
    colour = forms.CharField(
        label=_("colour"),
        max_length=7,
        required=False,
        help_text=_("# and six digits, such as #1a4d8f, dark enough to be read on white. Empty: black."),
    )


class OperatorForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least ten characters. A passkey can be added once you have signed in."),
    )

    def __init__(self, *args: Any, has_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_password:
            del self.fields["password"]

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        password: str = self.cleaned_data["password"]
        return password


class CustomerForm(forms.Form):
    name = forms.CharField(label=_("Company name"), max_length=200)
    contact = forms.CharField(label=_("Accounting contact"), max_length=100)
    email = forms.EmailField(
        label=_("Mail address"), help_text=_("Links to all documents are mailed to this address.")
    )


class PreviewForm(forms.Form):
    """Nothing to fill in: the last step is to look."""
