"""In what an imported sale differs from the one that is stored under its number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from orders.models import OrderLine, OrderSource
from orders.sales_file import LineError, SaleRow
from orders.sales_file.rows import (
    COMPANY,
    CONTACT,
    CUSTOMER,
    DELIVERED,
    NUMBER,
    PRODUCT,
    QUANTITY,
    SKU,
    TAX_CLASS,
    TAX_CLASSES,
    UNIT_PRICE,
)
from orders.sales_file.values import shown

BATCH = 10_000
_CLASS_OF: dict[str, str] = {category: name for name, category in TAX_CLASSES.items()}


def conflicts(rows: Sequence[SaleRow]) -> list[LineError]:
    """An error for each row, whose number is stored with other content: what differs, and what to do."""
    errors: list[LineError] = []
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        stored = _stored([row.number for row in batch])
        errors += [
            LineError(row.line, NUMBER, "number_known", _message(row, stored.get(row.number)))
            for row in batch
        ]
    return errors


def _stored(numbers: Sequence[str]) -> dict[str, OrderLine]:
    lines = OrderLine.objects.filter(order__number__in=numbers, order__source=OrderSource.IMPORT)
    found = lines.select_related("order__customer", "order__addressee")
    return {line.order.number: line for line in found}


def _message(row: SaleRow, line: OrderLine | None) -> str:
    if line is None:
        return _("This number belongs to an order that was placed here. Give the sale another number.")
    changes = "、".join(_changes(row, line)) or _("mail address, postcode or address")
    message = _(
        "A sale of this number is known with other content (%(changes)s). An imported sale cannot be changed:"
        " export it as it was, or cancel it and give the new sale a number of its own."
    )
    return message % {"changes": changes}


def _changes(row: SaleRow, line: OrderLine) -> Iterator[str]:
    order = line.order
    compared = (
        (DELIVERED, f"{order.ordered_on:%Y/%m/%d}", f"{row.delivered_on:%Y/%m/%d}"),
        (CUSTOMER, order.customer.code, row.customer_code),
        (COMPANY, order.addressee.company_name, row.company_name),
        (CONTACT, order.addressee.contact_name, row.contact_name),
        (SKU, line.sku, row.sku),
        (PRODUCT, line.description, row.product_name),
        (QUANTITY, str(line.quantity), str(row.quantity)),
        (UNIT_PRICE, str(line.unit_price), str(row.unit_price)),
        (TAX_CLASS, _CLASS_OF[line.tax_category], _CLASS_OF[row.tax_category]),
    )
    return (f"{column} {shown(old)} → {shown(new)}" for column, old, new in compared if old != new)
