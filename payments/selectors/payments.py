"""Payments, their matches and the files they came from, asked in the tenant's context."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Customer
from billing_project.tenancy.context import current_tenant_id
from payments.models import BankFile, Match, Payment, PaymentState
from payments.selectors.payers import payments_like


def payments(*, customer: Customer | None = None, search: str = "", state: str = "") -> QuerySet[Payment]:
    """Payments, newest first; `search` finds payer, reference or company."""
    found: QuerySet[Payment] = Payment.objects.select_related("customer").order_by("-received_on", "-id")
    if customer is not None:
        found = found.filter(pk__in=_of_customer(customer))
    if state:
        found = found.filter(state=state)
    if text := search.strip():
        found = found.filter(payments_like(text))
    return found


def _of_customer(customer: Customer) -> QuerySet[Any, Any]:
    """Ids of the payments that are the customer's in whole or in part; each half asks an index."""
    whole = Payment.objects.filter(customer=customer).order_by()
    parts = Match.objects.filter(customer=customer, undone_at=None).order_by()
    return whole.values("pk").union(parts.values("payment"))


def accounts_paid_into() -> list[str]:
    """The bank accounts that payments name, sorted; found one after the other, not among all payments."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, {"tenant": current_tenant_id()})
        return [account for (account,) in cursor.fetchall()]


_ACCOUNTS = """
WITH RECURSIVE found (account) AS (
    (SELECT account FROM payments_payment WHERE tenant_id = %(tenant)s AND account <> ''
     ORDER BY account LIMIT 1)
    UNION ALL
    SELECT (SELECT p.account FROM payments_payment p
            WHERE p.tenant_id = %(tenant)s AND p.account <> '' AND p.account > found.account
            ORDER BY p.account LIMIT 1)
    FROM found WHERE found.account IS NOT NULL
)
SELECT account FROM found WHERE account IS NOT NULL
"""


def unmatched_transfers() -> QuerySet[Payment]:
    """Transfers whose payer nobody knows yet."""
    return payments(state=PaymentState.UNMATCHED)


def matches_of(payment: Payment) -> QuerySet[Match]:
    """What holds now of whose the payment is, one for each customer."""
    found: QuerySet[Match] = Match.objects.filter(payment=payment, undone_at=None)
    return found.select_related("customer").order_by("pk")


def bank_files() -> QuerySet[BankFile]:
    """Imported files, newest first, without their content."""
    found: QuerySet[BankFile] = BankFile.objects.defer("content")
    return found.order_by("-imported_at", "-id")
