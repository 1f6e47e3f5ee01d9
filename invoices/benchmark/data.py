"""Invented tenants, customers and charges, made set-wise in the scratch database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, connections

from accounts.models import Issuer, Tenant
from accounts.services import create_tenant
from billing_project import clock
from billing_project.calendar import Month
from billing_project.tenancy.context import tenant_context
from invoices.services.gate import pass_gate

FIRST_MONTH = Month(2026, 1)

_CUSTOMERS = """
WITH customer AS (
    INSERT INTO accounts_customer (
        tenant_id, code, name, name_kana, corporate_number, postcode, address, phone, payment_method,
        later_payment_allowed, language, is_active, created_at, note
    )
    SELECT %(tenant)s, 'C' || lpad(n::text, 6, '0'), '株式会社' || n || '商事', '', '', '100-0001',
           '東京都千代田区丸の内' || n, '', 'later_transfer', true, 'ja', true, %(now)s, ''
    FROM generate_series(1, %(customers)s) AS n
    RETURNING id, name, code
), contact AS (
    INSERT INTO accounts_accountingcontact (tenant_id, customer_id, name, department, email)
    SELECT %(tenant)s, id, '経理 太郎', '経理部', lower(code) || '@example.com' FROM customer
)
INSERT INTO accounts_addressee (
    tenant_id, customer_id, company_name, department, contact_name, postcode, address
)
SELECT %(tenant)s, id, name, '経理部', '経理 太郎', '100-0001', '東京都千代田区丸の内' FROM customer
"""

# Spread over the month and over the customers as sales come in: not customer by customer.
_CHARGES = """
INSERT INTO invoices_charge (
    tenant_id, customer_id, addressee_id, payment_method, order_number, transaction_date, billable_from,
    description, quantity, unit, unit_price, amount, tax_inclusive, tax_category, tax_rate, recorded_at
)
SELECT %(tenant)s, a.customer_id, a.id, 'later_transfer', 'O-' || to_char(day, 'YYYYMM-') || n || '-' || a.id,
       day, day, 'ドメイン認証SSL 1年', quantity, '枚', price, quantity * price, false,
       CASE WHEN n %% 5 = 0 THEN 'reduced' ELSE 'standard' END, CASE WHEN n %% 5 = 0 THEN 8 ELSE 10 END,
       day + time '10:00' AT TIME ZONE 'Asia/Tokyo'
FROM generate_series(1, %(charges)s) AS n, accounts_addressee a,
     LATERAL (
         SELECT %(first)s::date + (n * 7 + a.id)::int %% %(days)s, 1 + n %% 3,
                980 + (n * 7919 + a.id) %% 90000
     ) AS sale (day, quantity, price)
WHERE a.tenant_id = %(tenant)s
ORDER BY day, n
"""


def make_tenants(
    count: int, customers: int, *, prefix: str = "bench", since: Month = FIRST_MONTH
) -> list[Tenant]:
    return [_make_tenant(f"{prefix}{number}", customers, since) for number in range(count)]


def record_month(tenant: Tenant, month: Month, charges: int) -> None:
    """So many charges for every customer, dated through the month and recorded on their days."""
    with tenant_context(tenant), connection.cursor() as cursor:
        pass_gate()
        period: dict[str, Any] = {"first": month.first_day, "days": month.last_day.day}
        cursor.execute(_CHARGES, {"tenant": tenant.pk, "charges": charges, **period})


def issue_moment(month: Month) -> datetime:
    """Noon of the day on which the month's documents are issued."""
    return _noon(month.plus(1).first_day)


def analyse() -> None:
    """As autovacuum would have by then; only the owner of the tables may."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    connections["owner"].close()


def _make_tenant(slug: str, customers: int, since: Month) -> Tenant:
    with clock.frozen(_noon(since.first_day)):
        tenant = create_tenant(slug=slug, name=f"株式会社 {slug}", since=since.first_day)
        with tenant_context(tenant), connection.cursor() as cursor:
            Issuer.objects.update(registration_number="T1234567890123")
            parameters: dict[str, Any] = {"tenant": tenant.pk, "customers": customers, "now": clock.now()}
            cursor.execute(_CUSTOMERS, parameters)
    return tenant


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
