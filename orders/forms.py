"""Forms of orders: the search over them, and a new one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import PaymentMethod
from billing_project.errors import Text
from billing_project.forms import DayField, search_field
from billing_project.listing import FilterForm
from orders.models import OrderState, Product
from orders.rules import MAX_COMMENT, MAX_QUANTITY, MAX_REFERENCE


class OrderFilter(FilterForm):
    q = search_field(_("Search"), _("Order number, purchase order number or product"))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *OrderState.choices])
    ordered_from = DayField(label=_("Ordered from"), required=False)
    ordered_to = DayField(label=_("Ordered to"), required=False)


class OrderForm(forms.Form):
    """A quantity for each product of the catalogue. `submission` is the same however often it is sent."""

    purchase_order_number = forms.CharField(
        label=_("Purchase order number"),
        required=False,
        max_length=MAX_REFERENCE,
        help_text=_("Your own number, if you use one."),
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=MAX_COMMENT, widget=forms.Textarea({"rows": 3})
    )
    payment_method = forms.ChoiceField(label=_("Payment method"), widget=forms.RadioSelect)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, products: Iterable[Product], methods: Sequence[PaymentMethod], first: str
    ) -> None:
        method = first if first in methods else next(iter(methods), "")
        super().__init__(data, initial={"submission": uuid.uuid4(), "payment_method": method})
        self.products = list(products)
        for product in self.products:
            self.fields[_field_of(product)] = _quantity(product)
        self.fields["payment_method"].choices = [(each, capfirst(each.label)) for each in methods]  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[tuple[Product, BoundField]]:
        return [(product, self[_field_of(product)]) for product in self.products]

    @property
    def wanted(self) -> list[tuple[Product, int]]:
        """Products with the quantities that were entered; once the form is valid."""
        quantities = [(product, self.cleaned_data[_field_of(product)]) for product in self.products]
        return [(product, quantity) for product, quantity in quantities if quantity]

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was entered, to be carried through the confirmation page."""
        names = [name for name in self.fields if self.data.get(name)]
        return [(name, self.data[name]) for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.wanted:
            raise forms.ValidationError(_("Enter a quantity for at least one product."))
        return cleaned


class ConfirmationForm(forms.Form):
    """`seen` tells which contact and prices were on the page that is confirmed."""

    contact_confirmed = forms.BooleanField(
        label=_("The company and the accounting contact above are right."),
        error_messages={"required": _("Please check the accounting contact and tick the box.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def _field_of(product: Product) -> str:
    return f"quantity_{product.public_id.hex}"


def _quantity(product: Product) -> forms.IntegerField:
    widget = forms.NumberInput({"inputmode": "numeric", "placeholder": "0", "autocomplete": "off"})
    label: Text = product.name
    return forms.IntegerField(
        label=str(label), required=False, min_value=0, max_value=MAX_QUANTITY, widget=widget
    )
