"""The run itself: a slice, a month beside COPY of the same rows, a month on two connections, history."""

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
    first, copied = _month_beside_copy(superuser, tenants, size, say)
    second = _month(tenants, FIRST_MONTH.plus(1), size, say, connections_used=2)
    for past in range(2, size.history):
        _month(tenants, FIRST_MONTH.plus(past), size, say, connections_used=2)
    last = _month(tenants, FIRST_MONTH.plus(size.history), size, say)
    documents = size.tenants * size.customers
    return {
        **asdict(size),
        "documents_per_second_1": round(documents / first),
        "documents_per_second_2": round(documents / second),
        "copy_documents_per_second": round(documents / copied),
        "ratio_to_copy": round(copied / first, 3),
        "history_ratio": round(last / first, 3),
    }


def close_months(tenants: Sequence[Tenant], size: Size, say: Say) -> None:
    """Records and closes `history` months, one after another."""
    for past in range(size.history):
        _month(tenants, FIRST_MONTH.plus(past), size, say)


def _write_slice(superuser: str, size: Size, say: Say) -> None:
    """Tables that are analysed while empty make the checks of keys scan them; both sides start on a slice."""
    [slice_] = make_tenants(1, max(100, size.customers // 10), prefix="slice")
    _month([slice_], FIRST_MONTH, size, say)
    copying.make_copies(superuser)
    with psycopg.connect(superuser) as plain:
        copying.write(plain, copying.rows_of(superuser, slice_.pk))


def _month_beside_copy(
    superuser: str, tenants: Sequence[Tenant], size: Size, say: Say
) -> tuple[float, float]:
    """The seconds of closing the first month on one connection, and of COPY of the same rows.

    The two take turns, tenant by tenant, so that whatever else the machine does slows both.
    """
    _record(tenants, FIRST_MONTH, size)
    closing, copied = 0.0, 0.0
    with psycopg.connect(superuser) as plain:
        for tenant in tenants:
            started = time.perf_counter()
            _close_tenant(tenant, FIRST_MONTH)
            closing += time.perf_counter() - started
            copied += copying.write(plain, copying.rows_of(superuser, tenant.pk))
    say(f"{FIRST_MONTH}: {len(tenants)} tenants closed in {closing:.2f} s; COPY took {copied:.2f} s")
    return closing, copied


def _month(
    tenants: Sequence[Tenant], month: Month, size: Size, say: Say, *, connections_used: int = 1
) -> float:
    """Records a month of charges, then closes it; the seconds of closing and issuing, on new connections."""
    _record(tenants, month, size)
    parts = [tenants[number::connections_used] for number in range(connections_used)]
    started = time.perf_counter()
    with ThreadPoolExecutor(connections_used) as pool:
        list(pool.map(lambda part: _close(part, month), parts))
    seconds = time.perf_counter() - started
    say(f"{month}: {len(tenants)} tenants closed in {seconds:.2f} s on {connections_used} connection(s)")
    return seconds


def _record(tenants: Sequence[Tenant], month: Month, size: Size) -> None:
    for tenant in tenants:
        record_month(tenant, month, size.charges)
    analyse()
    connection.close()


def _close(tenants: Sequence[Tenant], month: Month) -> None:
    try:
        for tenant in tenants:
            _close_tenant(tenant, month)
    finally:
        connections.close_all()


def _close_tenant(tenant: Tenant, month: Month) -> None:
    with clock.frozen(issue_moment(month)), tenant_context(tenant):
        issue_closing(closing=close_period(closes_on=month.last_day))
