"""What an operator enters to say whose money it is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.admin.customer_field import CustomerField
from accounts.models import Customer
from billing_project.backoffice.forms import OperatorForm
from billing_project.errors import InvalidValue
from billing_project.money import parse_yen
from invoices.models import Document
from payments.services import (
    Part,
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
    customer_code = CustomerField()
    documents = forms.CharField(
        label=_("documents"),
        required=False,
        help_text=_(
            "Numbers of documents to be paid first, separated by blanks. Empty: as the sums suggest."
        ),
    )

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
