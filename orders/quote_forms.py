"""Forms of quotes: a new one, a request, an order from one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import PaymentMethod
from orders.forms import NEW_CARD, field_of, quantity_field
from orders.models import Product
from orders.rules import MAX_COMMENT, MAX_QUANTITY, MAX_REFERENCE
from orders.services.quotes import Asking
from payments.models import Card


class QuoteForm(forms.Form):
    """A quantity for each product of the catalogue."""

    def __init__(self, data: Any = None, *, products: Iterable[Product]) -> None:
        super().__init__(data)
        self.products = list(products)
        self.fields.update({field_of(each): quantity_field(each) for each in self.products})

    @property
    def rows(self) -> list[tuple[Product, BoundField]]:
        return [(product, self[field_of(product)]) for product in self.products]

    @property
    def wanted(self) -> list[tuple[Product, int]]:
        """Products with the quantities that were entered; once the form is valid."""
        quantities = [(product, self.cleaned_data[field_of(product)]) for product in self.products]
        return [(product, quantity) for product, quantity in quantities if quantity]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.wanted:
            raise forms.ValidationError(_("Enter a quantity for at least one product."))
        return cleaned


class QuoteRequestForm(forms.Form):
    """What somebody wants a price for, and who asks (A9)."""

    product: Any = forms.ModelChoiceField(label=_("Product"), queryset=None, empty_label=None)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MAX_QUANTITY, initial=1)
    company = forms.CharField(label=_("Company name"), max_length=200)
    contact_name = forms.CharField(label=_("Contact"), max_length=100)
    email = forms.EmailField(label=_("Mail address"))
    postcode = forms.CharField(label=_("Postcode"), max_length=8)
    address = forms.CharField(label=_("Address"), max_length=300)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=MAX_COMMENT, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any = None, *, products: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["product"].queryset = products  # type: ignore[attr-defined]

    @property
    def asking(self) -> Asking:
        names = ("company", "contact_name", "email", "postcode", "address", "comment")
        return Asking(**{name: self.cleaned_data[name] for name in names})


class QuoteOrderForm(forms.Form):
    """How it is paid, and that the addressee is right (A7). `submission` stays when it is sent again."""

    payment_method = forms.ChoiceField(label=_("Payment method"), widget=forms.RadioSelect)
    card = forms.ChoiceField(label=_("Card to use"), required=False)
    purchase_order_number = forms.CharField(
        label=_("Purchase order number"), required=False, max_length=MAX_REFERENCE
    )
    contact_confirmed = forms.BooleanField(
        label=_("The company and the accounting contact above are right."),
        error_messages={"required": _("Please check the accounting contact and tick the box.")},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        methods: Sequence[PaymentMethod],
        first: str,
        cards: Iterable[Card],
        waited: Mapping[str, Any] | None = None,
    ) -> None:
        """`waited`: what had been filled in before a card was entered."""
        method = first if first in methods else next(iter(methods), "")
        self.cards = {str(card.public_id): card for card in cards}
        card = next(iter(self.cards), NEW_CARD)
        initial = {"submission": uuid.uuid4(), "payment_method": method, "card": card, **(waited or {})}
        super().__init__(data, initial=initial)
        choices: Any = self.fields
        choices["payment_method"].choices = [(each, capfirst(each.label)) for each in methods]
        known = [(key, str(card)) for key, card in self.cards.items()]
        choices["card"].choices = [*known, (NEW_CARD, _("Enter a new card"))]
        if PaymentMethod.CARD not in methods:
            del self.fields["card"]

    @property
    def wants_new_card(self) -> bool:
        """Whether a card has to be entered before the order can be placed; once the form is valid."""
        by_card = self.cleaned_data["payment_method"] == PaymentMethod.CARD
        return by_card and self.cleaned_data["card"] in ("", NEW_CARD)

    @property
    def chosen_card(self) -> Card | None:
        """The card that was chosen, for an order by card."""
        if self.cleaned_data["payment_method"] != PaymentMethod.CARD:
            return None
        return self.cards.get(self.cleaned_data.get("card", ""))
