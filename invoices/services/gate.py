"""The billing gate: no charge is under way while a period is closed or its documents are issued."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max

from billing_project import clock
from billing_project.tenancy.context import current_tenant_id
from invoices.models import BillingGate, Closing

_JUST_AFTER = timedelta(microseconds=1)


def pass_gate() -> None:
    """For whoever records a charge: waits for a closing under way, and keeps the next one waiting."""
    _lock("FOR SHARE")


def shut_gate() -> None:
    """For a closing: waits for all charges under way, and keeps new ones waiting until the commit."""
    _lock("FOR UPDATE")


def next_moment() -> datetime:
    """Now, but later than every closing so far; ask behind the gate.

    Closings divide charges by the moment of recording. Clocks of several machines disagree a little: without
    this a charge recorded just after a closing could bear an earlier moment, and no closing would take it.
    """
    last = Closing.objects.aggregate(last=Max("closed_at"))["last"]
    now = clock.now()
    return now if last is None else max(now, last + _JUST_AFTER)


def _lock(strength: str) -> None:
    with connection.cursor() as cursor:
        query = f"SELECT id FROM invoices_billinggate WHERE tenant_id = %s {strength}"  # noqa: S608
        cursor.execute(query, [current_tenant_id()])
        if cursor.fetchone() is None:
            BillingGate.objects.bulk_create([BillingGate()], ignore_conflicts=True)
            cursor.execute(query, [current_tenant_id()])
