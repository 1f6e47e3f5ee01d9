"""Recording charges by the thousand: the rows of `record_charges`, inserted as one set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.policy.choices import TaxCategory
from billing_project.tenancy.context import current_tenant_id
from invoices.services.charges import NewCharge
from invoices.services.gate import next_moment, pass_gate
from invoices.tax import rate_on

_RESERVE = """
SELECT nextval(pg_get_serial_sequence('invoices_charge', 'id')) FROM generate_series(1, %s)
"""
_INSERT = """
INSERT INTO invoices_charge (
    id, tenant_id, customer_id, addressee_id, payment_method, order_number, transaction_date, billable_from,
    description, service_from, service_until, quantity, unit, unit_price, amount, tax_inclusive,
    tax_category, tax_rate, recorded_at
)
SELECT id, %s, customer, addressee, method, order_number, transaction_date, billable_from,
       description, service_from, service_until, quantity, unit, unit_price, quantity * unit_price,
       tax_inclusive, tax_category, tax_rate, %s
FROM json_to_recordset(%s::json) AS charge (
    id bigint, customer bigint, addressee bigint, method text, order_number text, transaction_date date,
    billable_from date, description text, service_from date, service_until date, quantity int, unit text,
    unit_price bigint, tax_inclusive boolean, tax_category text, tax_rate smallint
)
"""


def record_charge_rows(charges: Sequence[NewCharge]) -> list[int]:
    """The ids of the recorded charges, in the same order; in the caller's transaction.

    For charges that were checked where they come from: raises ValueError for a quantity below 1 or a price
    below 0, and Refusal `no_tax_rate` for a category that did not exist on the day.
    """
    if any(charge.quantity < 1 or charge.unit_price < 0 for charge in charges):
        raise ValueError("A charge has a quantity of 1 or more and a price of 0 yen or more.")
    pass_gate()
    moment = next_moment()
    ids = _reserve(len(charges))
    rows = [_row(charge) | {"id": id_} for id_, charge in zip(ids, charges, strict=True)]
    _insert(rows, moment)
    return ids


def _reserve(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, [count])
        return [id_ for (id_,) in cursor.fetchall()]


def _insert(rows: list[dict[str, Any]], moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT, [current_tenant_id(), moment, json.dumps(rows, ensure_ascii=False, default=str)]
        )


def _row(charge: NewCharge) -> dict[str, Any]:
    return {
        "customer": charge.customer_id,
        "addressee": charge.addressee_id,
        "method": charge.payment_method,
        "order_number": charge.order_number,
        "transaction_date": charge.transaction_date,
        "billable_from": charge.billable_from,
        "description": charge.description,
        "service_from": charge.service_from,
        "service_until": charge.service_until,
        "quantity": charge.quantity,
        "unit": charge.unit,
        "unit_price": charge.unit_price,
        "tax_inclusive": charge.tax_inclusive,
        "tax_category": charge.tax_category,
        "tax_rate": rate_on(TaxCategory(charge.tax_category), charge.transaction_date),
    }
