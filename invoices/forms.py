"""The search over documents (電子帳簿保存法: by day, amount, number and addressee, any of them together)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing_project.forms import DayField, YenField, search_field
from billing_project.listing import FilterForm
from invoices.models import DocumentKind
from invoices.models.wrong_recipient import NOTE_LENGTH
from invoices.panel import SOUGHT, STANDINGS


class DocumentFilter(FilterForm):
    q = search_field(_("Search"), _("Document number, order number or product"))
    number = forms.CharField(label=_("Number begins with"), required=False, max_length=30)
    counterparty = forms.CharField(label=_("Addressee"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *DocumentKind.choices])
    standing = forms.ChoiceField(
        label=_("Payment"),
        required=False,
        choices=[
            ("", _("All")),
            *((code, STANDINGS[code]) for code in SOUGHT),
        ],
    )
    issued_from = DayField(label=_("Issued from"), required=False)
    issued_to = DayField(label=_("Issued to"), required=False)
    least = YenField(label=_("Total from (yen)"), required=False)
    most = YenField(label=_("Total to (yen)"), required=False)

    def told(self) -> dict[str, str]:
        """The filters that were filled in, as text to be kept."""
        return {name: str(value) for name, value in self.wanted().items()}

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        for first, last in (("issued_from", "issued_to"), ("least", "most")):
            low, high = wanted.get(first), wanted.get(last)
            if low is not None and high is not None and low > high:
                self.add_error(last, _("The end of the range lies before its start."))
        return wanted


class WrongRecipientForm(forms.Form):
    note = forms.CharField(
        label=_("Who is the right person? (not required)"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )
