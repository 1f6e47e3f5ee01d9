"""Order numbers: O-2026-000001, per tenant and year."""

from __future__ import annotations

from django.db import connection

from billing_project.tenancy.context import current_tenant_id
from orders.models import Order

_NEXT = """
INSERT INTO orders_ordercounter AS counter (tenant_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (tenant_id, year) DO UPDATE SET last = counter.last + 1 RETURNING last
"""


def next_order_number(year: int) -> str:
    """The next free number of the year; imported sales may have taken some.

    Locks the year's counter to the end of the transaction, so it is asked for last.
    """
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [current_tenant_id(), year])
            number = f"O-{year}-{cursor.fetchone()[0]:06}"
        if not Order.objects.filter(number=number).exists():
            return number
