"""The run itself: a slice, a month on one connection, COPY of the same rows, two connections, history."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from django.db import connection, connections

from accounts.models import Tenant
from billing_project import clock
from billing_project.calendar import Month
from billing_project.tenancy.context import tenant_context
from invoices.benchmark import copying
from invoices.benchmark.data import FIRST_MONTH, analyse, issue_moment, make_tenants, record_month
from invoices.services.closing import close_period, issue_closing

Say = Callable[[str], None]
HISTORY = 24


@dataclass(frozen=True, slots=True)
class Size:
    tenants: int
    customers: int
    charges: int
    history: int = HISTORY


def measure(superuser: str, size: Size, say: Say) -> dict[str, Any]:
    """The figures as they are printed; rates are documents per second, rounded."""
    say("making tenants and customers")
    tenants = make_tenants(size.tenants, size.customers)
    _write_slice(superuser, size, say)
    month = FIRST_MONTH
    first = _month(tenants, month, size, say)
    copied = _copy(superuser, tenants, size, say)
    second = _month(tenants, month.plus(1), size, say, connections_used=2)
    for past in range(2, size.history):
        _month(tenants, month.plus(past), size, say, connections_used=2)
    last = _month(tenants, month.plus(size.history), size, say)
    documents = size.tenants * size.customers
    return {
        **asdict(size),
        "documents_per_second_1": round(documents / first),
        "documents_per_second_2": round(documents / second),
        "copy_documents_per_second": round(documents / copied),
        "ratio_to_copy": round(copied / first, 3),
        "history_ratio": round(last / first, 3),
    }


def _write_slice(superuser: str, size: Size, say: Say) -> None:
    """Tables that are analysed while empty make the checks of keys scan them; both sides start on a slice."""
    [slice_] = make_tenants(1, max(100, size.customers // 10), prefix="slice")
    _month([slice_], FIRST_MONTH, size, say)
    copying.make_copies(superuser)
    with psycopg.connect(superuser) as plain:
        copying.write(plain, copying.rows_of(superuser, slice_.pk))


def _month(
    tenants: Sequence[Tenant], month: Month, size: Size, say: Say, *, connections_used: int = 1
) -> float:
    """Records a month of charges, then closes it; the seconds of closing and issuing, on new connections."""
    for tenant in tenants:
        record_month(tenant, month, size.charges)
    analyse()
    connection.close()
    parts = [tenants[number::connections_used] for number in range(connections_used)]
    started = time.perf_counter()
    with ThreadPoolExecutor(connections_used) as pool:
        list(pool.map(lambda part: _close(part, month), parts))
    seconds = time.perf_counter() - started
    say(f"{month}: {len(tenants)} tenants closed in {seconds:.2f} s on {connections_used} connection(s)")
    return seconds


def _close(tenants: Sequence[Tenant], month: Month) -> None:
    try:
        with clock.frozen(issue_moment(month)):
            for tenant in tenants:
                with tenant_context(tenant):
                    issue_closing(closing=close_period(closes_on=month.last_day))
    finally:
        connections.close_all()


def _copy(superuser: str, tenants: Sequence[Tenant], size: Size, say: Say) -> float:
    rows = [copying.rows_of(superuser, tenant.pk) for tenant in tenants]
    analyse()
    with psycopg.connect(superuser) as plain:
        seconds = sum(copying.write(plain, each) for each in rows)
    say(f"COPY of the same rows in {seconds:.2f} s")
    return seconds
