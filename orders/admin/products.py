"""The catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesRadioFilter
from unfold.decorators import display

from accounts.policy.choices import TaxCategory
from billing_project.backoffice import cells
from billing_project.backoffice.acts import Question, ask, list_act, list_of, page_of, row_act
from billing_project.backoffice.forms import OperatorForm, YenField
from billing_project.backoffice.model_admin import OperatorAdmin
from billing_project.backoffice.pages import Fact, Facts, Section, section
from orders.models import Product
from orders.services import change_product, create_product


class ProductForm(OperatorForm):
    sku = forms.CharField(label=_("SKU"), max_length=60)
    name = forms.CharField(label=_("name"), max_length=200)
    unit_price = YenField(
        label=_("unit price (yen)"), help_text=_("Without or with tax, as the billing policy says.")
    )
    tax_category = forms.ChoiceField(label=_("tax category"), choices=TaxCategory.choices)
    unit = forms.CharField(label=_("unit"), max_length=10, required=False)
    description = forms.CharField(label=_("description"), required=False, widget=forms.Textarea({"rows": 3}))
    sold_singly = forms.BooleanField(
        label=_("a line for each"),
        required=False,
        initial=True,
        help_text=_("Ordering three of it makes three lines, each delivered and cancelled by itself."),
    )
    inquiry_required = forms.BooleanField(label=_("inquiry required"), required=False)
    discontinued = forms.BooleanField(
        label=_("Discontinued"), required=False, help_text=_("Is no longer offered; open orders stay.")
    )


@admin.register(Product)
class ProductAdmin(OperatorAdmin):
    list_display = ("sku", "name", "price", "tax", "sold")
    list_display_links = ("sku", "name")
    search_fields = ("sku", "name")
    search_help_text = _("SKU or name")
    list_filter = (("discontinued", BooleanRadioFilter), ("tax_category", ChoicesRadioFilter))
    ordering = ("sku",)
    csv_columns = (
        (_("SKU"), "sku"),
        (_("name"), "name"),
        (_("unit price (yen)"), "unit_price"),
        (_("tax category"), "get_tax_category_display"),
        (_("unit"), "unit"),
        (_("discontinued"), lambda product: int(product.discontinued)),
    )

    @display(description=_("unit price (yen)"), ordering="unit_price")
    def price(self, product: Product) -> Any:
        return cells.yen(product.unit_price)

    @display(description=_("tax category"), ordering="tax_category")
    def tax(self, product: Product) -> str:
        return product.get_tax_category_display()

    @display(description=_("state"), ordering="discontinued")
    def sold(self, product: Product) -> Any:
        return cells.label(_("Discontinued")) if product.discontinued else cells.label(_("Sold"), "success")


@section(Product, order=10)
def product_facts(_request: Any, product: Product) -> Section:
    return Facts(
        _("Product"),
        (
            Fact(_("SKU"), product.sku),
            Fact(_("name"), product.name),
            Fact(_("unit price (yen)"), cells.yen(product.unit_price)),
            Fact(_("tax category"), product.get_tax_category_display()),
            Fact(_("unit"), product.unit or "—"),
            Fact(_("description"), product.description or "—"),
            Fact(_("a line for each"), _("Yes") if product.sold_singly else _("No")),
            Fact(_("inquiry required"), _("Yes") if product.inquiry_required else _("No")),
            Fact(_("discontinued"), _("Yes") if product.discontinued else _("No")),
        ),
    )


@list_act(Product, "new", _("New product"), "add", tone="primary")
def new_product(request: Any) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> tuple[Any, str]:
        return _("The product was made."), page_of(create_product(**cleaned))

    form = ProductForm(request.POST or None)
    question = Question(_("New product"), form, act, list_of(Product), button=_("Create"))
    return ask(request, question, opts=Product._meta)


@row_act(Product, "edit", _("Change"), "edit", tone="primary")
def edit_product(request: Any, product: Product) -> HttpResponse:
    def act(cleaned: dict[str, Any]) -> Any:
        change_product(product=product, **cleaned)
        return _("Saved.")

    lead = _("Holds for new orders. Orders that were placed keep their name and price.")
    initial = {name: getattr(product, name) for name in ProductForm.base_fields}
    form = ProductForm(request.POST or None, initial=initial)
    question = Question(_("Change product"), form, act, page_of(product), lead, button=_("Save"))
    return ask(request, question, original=product, opts=product._meta)
