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
from orders.preview import MethodOffer
from orders.rules import MAX_COMMENT, MAX_QUANTITY, MAX_REFERENCE
from payments.models import Card

NEW_CARD = "new"


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
    card = forms.ChoiceField(
        label=_("Card to use"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Only when you pay by card."),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        products: Iterable[Product],
        offers: Sequence[MethodOffer],
        cards: Iterable[Card] = (),
        first: str,
    ) -> None:
        usable = [offer for offer in offers if not offer.refusal]
        methods = [offer.method for offer in usable]
        self.refused = [offer for offer in offers if offer.refusal]
        self.cards = list(cards)
        method = first if first in methods else next(iter(methods), "")
        card = str(self.cards[0].public_id) if self.cards else NEW_CARD
        initial = {"submission": uuid.uuid4(), "payment_method": method, "card": card}
        super().__init__(data, initial=initial)
        self.products = list(products)
        for product in self.products:
            self.fields[field_of(product)] = quantity_field(product)
        self.fields["payment_method"].choices = [(each.method, _label(each)) for each in usable]  # type: ignore[attr-defined]
        if PaymentMethod.CARD in methods:
            known = [(str(each.public_id), f"{each} ({each.get_funding_display()})") for each in self.cards]
            self.fields["card"].choices = [*known, (NEW_CARD, _("Enter a new card"))]  # type: ignore[attr-defined]
        else:
            del self.fields["card"]

    @property
    def rows(self) -> list[tuple[Product, BoundField]]:
        return [(product, self[field_of(product)]) for product in self.products]

    @property
    def wanted(self) -> list[tuple[Product, int]]:
        """Products with the quantities that were entered; once the form is valid."""
        quantities = [(product, self.cleaned_data[field_of(product)]) for product in self.products]
        return [(product, quantity) for product, quantity in quantities if quantity]

    @property
    def wants_new_card(self) -> bool:
        """Whether a card has to be entered before the order can go on; once the form is valid."""
        by_card = self.cleaned_data["payment_method"] == PaymentMethod.CARD
        return by_card and self.cleaned_data["card"] == NEW_CARD

    @property
    def chosen_card(self) -> Card | None:
        if self.cleaned_data["payment_method"] != PaymentMethod.CARD:
            return None
        return next((each for each in self.cards if str(each.public_id) == self.cleaned_data["card"]), None)

    def renew(self) -> None:
        """What was sent becomes another order: the one before was refused."""
        self.data = {**{name: self.data[name] for name in self.data}, "submission": str(uuid.uuid4())}

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was entered, to be carried through the confirmation page."""
        names = [name for name in self.fields if self.data.get(name)]
        return [(name, self.data[name]) for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.wanted:
            raise forms.ValidationError(_("Enter a quantity for at least one product."))
        if cleaned.get("payment_method") == PaymentMethod.CARD and not cleaned.get("card"):
            self.add_error("card", _("Choose a card, or enter a new one."))
        return cleaned


class CardForm(forms.Form):
    """One of the customer's cards, for an order."""

    card = forms.ChoiceField(label=_("Card to use"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, cards: Iterable[Card], current: Card | None) -> None:
        self.cards = {str(each.public_id): each for each in cards}
        super().__init__(data, initial={"card": str(current.public_id) if current else ""})
        self.fields["card"].choices = [  # type: ignore[attr-defined]
            (key, f"{each} ({each.get_funding_display()})") for key, each in self.cards.items()
        ]

    @property
    def chosen(self) -> Card:
        return self.cards[self.cleaned_data["card"]]


class ConfirmationForm(forms.Form):
    """`seen` tells which contact and prices were on the page that is confirmed."""

    contact_confirmed = forms.BooleanField(
        label=_("The company and the accounting contact above are right."),
        error_messages={"required": _("Please check the accounting contact and tick the box.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def _label(offer: MethodOffer) -> str:
    name = capfirst(str(offer.method.label))
    if offer.free is None:
        return name
    return _("%(method)s (¥%(free)s can be used)") % {"method": name, "free": f"{offer.free:,}"}


def field_of(product: Product) -> str:
    return f"quantity_{product.public_id.hex}"


def quantity_field(product: Product) -> forms.IntegerField:
    widget = forms.NumberInput({"inputmode": "numeric", "placeholder": "0", "autocomplete": "off"})
    label: Text = product.name
    return forms.IntegerField(
        label=str(label), required=False, min_value=0, max_value=MAX_QUANTITY, widget=widget
    )
