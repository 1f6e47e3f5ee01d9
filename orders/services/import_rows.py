"""The set-based insertion of imported sales: for each an order, its charge and its delivered line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod
from accounts.selectors import policy_of, policy_version_on
from billing_project.tenancy.context import current_tenant_id
from billing_project.tenancy.lookup import current_tenant
from invoices.services.charge_rows import record_charge_rows
from invoices.services.charges import NewCharge
from orders import rules
from orders.models import LineState, OrderSource, OrderState, Product
from orders.sales_file import SaleRow
from orders.sales_file.merging import AddresseeKey, by_addressee, fingerprint

BATCH = 5000

# One round trip for both tables; COPY is not possible under row security.
_INSERT = """
WITH sale AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(sales)s::json) AS sale (
        number text, fingerprint text, customer bigint, addressee bigint, policy_version bigint,
        charge bigint, day date, moment timestamptz, cancel_until date, product bigint, sku text,
        description text, quantity int, unit text, unit_price bigint, tax_category text
    )
), placed AS (
    INSERT INTO orders_order (
        tenant_id, number, source, customer_id, addressee_id, policy_version_id, payment_method, state,
        placed_at, ordered_on, purchase_order_number, comment, fingerprint
    )
    SELECT %(tenant)s, number, %(source)s, customer, addressee, policy_version, %(method)s, %(ordered)s,
           moment, day, '', '', fingerprint
    FROM sale
    RETURNING id, number
)
INSERT INTO orders_orderline (
    tenant_id, order_id, position, product_id, sku, description, quantity, unit, unit_price, tax_category,
    state, delivered_at, delivered_on, cancel_until, charge_id
)
SELECT %(tenant)s, placed.id, 1, product, sku, description, quantity, unit, unit_price, tax_category,
       %(delivered)s, moment, day, cancel_until, charge
FROM sale JOIN placed USING (number)
"""


@dataclass(frozen=True)
class Records:
    """The records that rows refer to: ids of customers by number and of addressees, products by SKU."""

    customers: dict[str, int]
    addressees: dict[AddresseeKey, int]
    products: dict[str, Product]


def insert_sales(
    rows: Sequence[SaleRow], records: Records, progress: Callable[[int, int], None] | None
) -> None:
    """Stores the rows in batches; `progress` is told after each how many of all are stored."""
    days = _days(rows)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        charges = record_charge_rows([_charge(row, records) for row in batch])
        sales = [
            _sale(row, records, charge) | days[row.delivered_on]
            for row, charge in zip(batch, charges, strict=True)
        ]
        _insert(sales)
        if progress:
            progress(start + len(batch), len(rows))


def _charge(row: SaleRow, records: Records) -> NewCharge:
    return NewCharge(
        customer_id=records.customers[row.customer_code],
        addressee_id=records.addressees[by_addressee(row)],
        payment_method=PaymentMethod.LATER_TRANSFER,
        order_number=row.number,
        transaction_date=row.delivered_on,
        billable_from=row.delivered_on,
        description=row.product_name,
        quantity=row.quantity,
        unit=records.products[row.sku].unit,
        unit_price=row.unit_price,
        tax_inclusive=False,
        tax_category=row.tax_category,
    )


def _sale(row: SaleRow, records: Records, charge_id: int) -> dict[str, Any]:
    product = records.products[row.sku]
    return {
        "number": row.number,
        "fingerprint": fingerprint(row),
        "customer": records.customers[row.customer_code],
        "addressee": records.addressees[by_addressee(row)],
        "charge": charge_id,
        "product": product.pk,
        "sku": row.sku,
        "description": row.product_name,
        "quantity": row.quantity,
        "unit": product.unit,
        "unit_price": row.unit_price,
        "tax_category": row.tax_category,
    }


def _insert(sales: list[dict[str, Any]]) -> None:
    values: dict[str, Any] = {
        "tenant": current_tenant_id(),
        "source": OrderSource.IMPORT,
        "method": PaymentMethod.LATER_TRANSFER,
        "ordered": OrderState.DELIVERED,
        "delivered": LineState.DELIVERED,
        "sales": json.dumps(sales, ensure_ascii=False),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def _days(rows: Iterable[SaleRow]) -> dict[date, dict[str, Any]]:
    """What sales have in common by their day: its beginning, and what the policy of the day says (X10)."""
    zone = current_tenant().zone
    policies: dict[int, BillingPolicy] = {}
    days = {}
    for day in {row.delivered_on for row in rows}:
        version = policy_version_on(day)
        if version.pk not in policies:
            policies[version.pk] = policy_of(version)
        last_cancel_day = rules.last_cancel_day(day, policies[version.pk])
        days[day] = {
            "day": day.isoformat(),
            "moment": datetime.combine(day, time(), zone).isoformat(),
            "policy_version": version.pk,
            "cancel_until": last_cancel_day.isoformat() if last_cancel_day else None,
        }
    return days
