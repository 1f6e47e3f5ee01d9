"""Months of a large shop, made set-wise: orders delivered, billed, paid by bank files, mailed and opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Sum

from accounts.models import Tenant
from billing_project import clock
from billing_project.calendar import Month
from billing_project.tenancy.context import tenant_context
from invoices.benchmark.closing import Say
from invoices.benchmark.data import analyse, issue_moment, record_month
from invoices.models import OpenItem
from invoices.services.closing import close_period, issue_closing
from payments.bank_files.days import REIWA
from payments.bank_files.layouts import Kind
from payments.bank_files.records import Values
from payments.bank_files.zengin import NewBatch, write_file
from payments.benchmark import name_customers, printed_name
from payments.services import import_bank_file

CHARGES = 2
PAYDAY = 25
UNKNOWN_PAYERS = 10
NEVER_PAYS, PAYS_SHORT = 40, 200


def make_months(tenant: Tenant, months: int, say: Say) -> None:
    """The `months` before this one; each is closed, and paid on the 25th of the next, if that has come."""
    with tenant_context(tenant):
        name_customers()
    this_month = Month.of(clock.today(tenant.zone))
    for month in (this_month.plus(-each) for each in range(months, 0, -1)):
        say(f"{month}: sold, closed, paid")
        record_month(tenant, month, CHARGES)
        analyse()
        with tenant_context(tenant):
            _run(_ORDERS, tenant, first=month.first_day, last=month.last_day)
            _run(_ORDER_LINES, tenant, first=month.first_day, last=month.last_day)
        with clock.frozen(issue_moment(month)), tenant_context(tenant):
            issue_closing(closing=close_period(closes_on=month.last_day))
        _pay(tenant, month.plus(1))
    record_month(tenant, this_month, CHARGES)
    with tenant_context(tenant):
        for statement in (_OPEN_ORDERS, _OPEN_LINES, _SENT, _LINKS, _ACCESSES, _AUDIT, _JOBS):
            _run(statement, tenant)
    analyse()


def _run(statement: str, tenant: Tenant, **parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"tenant": tenant.pk, "now": clock.now(), **parameters})


def _pay(tenant: Tenant, month: Month) -> None:
    """All but every fortieth customer pay; some less the bank's fee, and some payers nobody knows."""
    payday = month.first_day.replace(day=PAYDAY)
    moment = datetime(payday.year, payday.month, payday.day, 12, tzinfo=ZoneInfo(tenant.timezone))
    if moment > clock.now():
        return
    with clock.frozen(moment), tenant_context(tenant):
        import_bank_file(content=_file(payday), name=f"{payday:%Y%m%d}.txt")


def _file(payday: date) -> bytes:
    era = f"{payday.year - REIWA:02}{payday:%m%d}"
    head: Values = {
        "made_on": era,
        "first_day": era,
        "last_day": era,
        "bank_code": "0001",
        "branch_code": "100",
    }
    account: Values = {"account_type": 1, "account_number": "1234567", "account_name": "ｶ)ﾍﾞﾝﾁ"}
    rows: list[Values] = [
        {"reference": number, "booked_on": era, "amount": amount, "payer_name": payer}
        for number, (payer, amount) in enumerate(_transfers(), start=1)
    ]
    return write_file(Kind.INCOMING, [NewBatch({**head, **account}, rows)])


def _transfers() -> Iterator[tuple[str, int]]:
    owed = OpenItem.objects.filter(open_amount__gt=0).values_list("customer__code").order_by("customer__code")
    for place, (code, amount) in enumerate(owed.annotate(owed=Sum("open_amount"))):
        if place % NEVER_PAYS:
            yield printed_name(code), amount - (440 if place % PAYS_SHORT == 1 and amount > 440 else 0)
    for number in range(UNKNOWN_PAYERS):
        yield f"ﾀﾞﾚｶ{number}", 1_000 + number


# Every charge of the month was an order of one line, three days before.
_ORDERS = """
INSERT INTO orders_order (
    tenant_id, number, source, customer_id, addressee_id, policy_version_id, payment_method, state, placed_at,
    ordered_on, last_delivery_on, purchase_order_number, comment, fingerprint
)
SELECT c.tenant_id, c.order_number, 'import', c.customer_id, c.addressee_id,
       (SELECT min(id) FROM accounts_policyversion WHERE tenant_id = %(tenant)s), c.payment_method,
       'delivered', c.recorded_at - interval '3 days', c.transaction_date - 3, c.transaction_date + 27,
       '', '', ''
FROM invoices_charge c
WHERE c.tenant_id = %(tenant)s AND c.transaction_date BETWEEN %(first)s AND %(last)s
ORDER BY c.id
"""
_ORDER_LINES = """
INSERT INTO orders_orderline (
    tenant_id, order_id, position, product_id, sku, description, quantity, unit, unit_price, tax_category,
    state, delivered_at, delivered_on, cancel_until, charge_id
)
SELECT c.tenant_id, o.id, 1, p.id, p.sku, c.description, c.quantity, c.unit, c.unit_price, c.tax_category,
       'delivered', c.recorded_at, c.transaction_date, c.transaction_date + 30, c.id
FROM invoices_charge c
JOIN orders_order o ON o.tenant_id = c.tenant_id AND o.number = c.order_number
JOIN orders_product p ON p.tenant_id = c.tenant_id AND p.sku = 'DV-1Y'
WHERE c.tenant_id = %(tenant)s AND c.transaction_date BETWEEN %(first)s AND %(last)s
ORDER BY c.id
"""
# One customer in ten waits for a delivery.
_OPEN_ORDERS = """
INSERT INTO orders_order (
    tenant_id, number, source, customer_id, addressee_id, policy_version_id, payment_method, state, placed_at,
    ordered_on, last_delivery_on, purchase_order_number, comment, fingerprint
)
SELECT a.tenant_id, 'W-' || a.id, 'panel', a.customer_id, a.id,
       (SELECT max(id) FROM accounts_policyversion WHERE tenant_id = %(tenant)s), 'later_transfer', 'open',
       moment, moment::date, moment::date + 30, '', '', ''
FROM accounts_addressee a,
     LATERAL (SELECT %(now)s::timestamptz - a.id %% 20 * interval '1 day') AS placed (moment)
WHERE a.tenant_id = %(tenant)s AND a.id %% 10 = 0
"""
_OPEN_LINES = """
INSERT INTO orders_orderline (
    tenant_id, order_id, position, product_id, sku, description, quantity, unit, unit_price, tax_category,
    state
)
SELECT o.tenant_id, o.id, position, p.id, p.sku, p.name, 1, p.unit, p.unit_price, p.tax_category, 'open'
FROM orders_order o
JOIN orders_product p ON p.tenant_id = o.tenant_id AND p.sku = 'DV-1Y'
CROSS JOIN generate_series(1, 2) AS position
WHERE o.tenant_id = %(tenant)s AND o.state = 'open' AND o.number LIKE 'W-%%'
"""
_SENT = """
UPDATE outbox_mail SET
    state = 'sent', attempts = 1, sent_at = created_at, recipient = 'keiri' || id || '@example.com',
    subject = '請求書のお知らせ',
    text_body = repeat('いつもお世話になっております。', 20),
    html_body = '<p>' || repeat('いつもお世話になっております。', 20) || '</p>'
WHERE tenant_id = %(tenant)s AND id %% 5000 <> 0
"""
_LINKS = """
INSERT INTO invoices_documentlink (tenant_id, document_id, token_sha256, email, created_at, expires_at)
SELECT tenant_id, id, encode(sha256(number::bytea), 'hex'), 'keiri@example.com', issued_at,
       issued_at + interval '90 days'
FROM invoices_document WHERE tenant_id = %(tenant)s ORDER BY id
"""
_ACCESSES = """
INSERT INTO invoices_documentaccess (
    tenant_id, document_id, link_id, action, form, at, actor_kind, actor_label, user_agent
)
SELECT tenant_id, document_id, id, action, form, created_at + interval '3 hours', 'link', email, 'Mozilla/5.0'
FROM invoices_documentlink, (VALUES ('opened', ''), ('downloaded', 'pdf')) AS done (action, form)
WHERE tenant_id = %(tenant)s ORDER BY id
"""
_AUDIT = """
INSERT INTO audit_auditentry (
    tenant_id, at, actor_kind, actor_label, action, object_kind, object_id, object_label, data, request_id
)
SELECT tenant_id, placed_at, 'operator', 'operator@bench.example', 'order_placed', 'order', id, number, '{}',
       ''
FROM orders_order WHERE tenant_id = %(tenant)s ORDER BY placed_at
"""
_JOBS = """
INSERT INTO jobs_job (tenant_id, name, due_on, state, attempts, started_at, finished_at, result, error)
SELECT %(tenant)s, name, day, 'done', 1, day, day + interval '1 second', '{}', ''
FROM generate_series(%(now)s::timestamptz - interval '300 days', %(now)s, '1 day') AS day,
     unnest(ARRAY['orders.expire', 'dunning.steps', 'payouts.write']) AS name
"""
