"""Products: made by an operator, or brought by the preset of a new tenant."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.policy import PRESET_CATALOGUES
from accounts.policy.choices import TaxCategory
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.money import MAX_YEN
from orders.models import Product


@transaction.atomic
def create_product(
    *,
    sku: str,
    name: str,
    unit_price: int,
    tax_category: str = TaxCategory.STANDARD,
    unit: str = "",
    description: str = "",
    sold_singly: bool = True,
    inquiry_required: bool = False,
    discontinued: bool = False,
) -> Product:
    """A product of the catalogue; `unit_price` in yen, with or without tax as the policy says.

    Raises Refusal `invalid_input` or `invalid_amount`.
    """
    _check(sku, name, unit_price, tax_category, others=Product.objects.all())
    product: Product = Product.objects.create(
        sku=sku.strip(),
        name=name.strip(),
        unit_price=unit_price,
        tax_category=tax_category,
        unit=unit,
        description=description,
        sold_singly=sold_singly,
        inquiry_required=inquiry_required,
        discontinued=discontinued,
    )
    record("product_created", product, sku=product.sku, unit_price=unit_price)
    return product


@transaction.atomic
def change_product(*, product: Product, **fields: Any) -> Product:
    """Changes what new orders are offered; orders that were placed keep their name and price.

    Takes the fields of `create_product`. Raises Refusal `invalid_input` or `invalid_amount`.
    """
    locked: Product = Product.objects.select_for_update().get(pk=product.pk)
    before = {name: getattr(locked, name) for name in fields}
    for name, value in fields.items():
        setattr(locked, name, value.strip() if isinstance(value, str) else value)
    _check(locked.sku, locked.name, locked.unit_price, locked.tax_category, others=_others(locked))
    locked.save()
    changed = {name: [old, fields[name]] for name, old in before.items() if old != fields[name]}
    if changed:
        record("product_changed", locked, changed=changed)
    return locked


def take_preset_catalogue(*, preset: str, **_signal: Any) -> None:
    """Gives a new tenant the products of its preset that have a price; hears `tenant_created`."""
    Product.objects.bulk_create(
        Product(
            sku=item.sku,
            name=item.name,
            unit_price=item.unit_price,
            tax_category=item.tax,
            sold_singly=item.sold_singly,
            inquiry_required=item.inquiry_required,
        )
        for item in PRESET_CATALOGUES[preset]
        if item.unit_price is not None
    )


def _others(product: Product) -> QuerySet[Product]:
    return Product.objects.exclude(pk=product.pk)


def _check(sku: str, name: str, unit_price: int, tax_category: str, *, others: QuerySet[Product]) -> None:
    if not sku.strip() or not name.strip():
        raise Refusal(Code.INVALID_INPUT, _("A product needs a SKU and a name."))
    if tax_category not in TaxCategory.values:
        raise Refusal(Code.INVALID_INPUT, _("Choose a tax category."))
    if not 0 <= unit_price <= MAX_YEN:
        raise Refusal(Code.INVALID_AMOUNT, _("A price is from 0 to 999,999,999,999 yen."))
    if others.filter(sku=sku.strip()).exists():
        raise Refusal(Code.INVALID_INPUT, _("The SKU %(sku)s is taken."), sku=sku.strip())
