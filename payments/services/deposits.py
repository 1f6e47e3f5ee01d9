"""Free deposit that pays open documents, and the report of all deposits held (X11)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection, transaction

from accounts.models import Customer, Operator
from billing_project import clock
from billing_project.audit.services import record
from billing_project.outbox.services import enqueue
from billing_project.tenancy.lookup import current_tenant
from invoices.models import AllocationSource
from invoices.rules import Share
from invoices.services.settlement import allocate, lock_open_items
from ledger.models import Account, Reason
from ledger.reservations import free
from ledger.services import Posting, lock_balance, post
from payments.mails import DEPOSIT_REPORT
from payments.models import DepositReport
from payments.selectors.deposits import deposits_on


@transaction.atomic
def apply_deposit(*, customer: Customer, documents: Collection[int] | None = None) -> int:
    """Free deposit pays the customer's open documents, oldest due first, today; gives the sum used, in yen.

    `documents` (ids) limits it to these. With nothing free or nothing open it does nothing.
    """
    left = free(lock_balance(customer.pk))
    today, used = clock.today(current_tenant().zone), 0
    for document, open_amount in lock_open_items([customer.pk]).get(customer.pk, []):
        amount = min(open_amount, left - used)
        if amount > 0 and (documents is None or document in documents):
            _use(customer.pk, Share(document, amount), today)
            used += amount
    if used:
        record("deposit_applied", customer, amount=used)
    return used


def _use(customer_id: int, share: Share, on: date) -> None:
    source_id = _next_use()
    entry = post(
        booked_on=on,
        reason=Reason.DEPOSIT_USED,
        source_id=source_id,
        postings=[
            Posting(Account.DEPOSIT, share.amount, customer_id),
            Posting(Account.RECEIVABLE, -share.amount, customer_id),
        ],
    )
    allocate(shares=[share], source=AllocationSource.DEPOSIT, source_id=entry.pk, entry=entry)


def _next_use() -> int:
    """Uses of deposit are numbered as allocations are, as closings do; so no two have the same number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('invoices_allocation_id_seq')")
        return int(cursor.fetchone()[0])


@transaction.atomic
def report_deposits(*, day: date) -> DepositReport:
    """Writes down what was held at the end of a day of record and mails it to the operators, once (X11)."""
    if known := DepositReport.objects.filter(day=day).first():
        return known  # type: ignore[no-any-return]
    held = deposits_on(day)
    report: DepositReport = DepositReport.objects.create(
        day=day,
        customers=len(held),
        total=sum(each.amount for each in held),
        rows=[[each.customer.code, each.customer.name, each.amount] for each in held],
        made_at=clock.now(),
    )
    record("deposits_reported", report, day=str(day), total=report.total, customers=report.customers)
    for operator in Operator.objects.filter(is_active=True).order_by("pk"):
        enqueue(
            occasion=f"{DEPOSIT_REPORT}:{day}:{operator.pk}",
            kind=DEPOSIT_REPORT,
            reference=report.pk,
            operator=operator.pk,
        )
    return report
