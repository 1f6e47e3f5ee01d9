"""An archive of very many documents, and how long each kind of search takes in it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection, connections

from accounts.models import Tenant
from billing_project.backoffice.counting import CountsToLimit
from billing_project.tenancy.context import tenant_context
from invoices.benchmark.closing import Say
from invoices.benchmark.data import make_tenants
from invoices.models import Document, DocumentKind
from invoices.panel import with_open_item
from invoices.searching import by_number_or_counterparty, search
from invoices.services.issuer import issuer_snapshot

FIRST_DAY = date(2024, 1, 1)
DAYS = 1000
PAGE = 50
TABLES = ("accounts_customer", "accounts_addressee", "invoices_document", "invoices_openitem")

# Three years of documents, day by day as they are issued; one in fifty is a return invoice.
_DOCUMENTS = """
INSERT INTO invoices_document (
    tenant_id, kind, number, year, serial, customer_id, addressee_id, issuer_id, reason, payment_method,
    issued_on, issued_at, booked_on, due_on, first_transaction_on, last_transaction_on, tax_inclusive,
    tax_rounding, net_total, tax_total, total, carried_over, deposit_applied, paid_at_issue, to_pay
)
SELECT %(tenant)s, kind, prefix || '-' || extract(year FROM day) || '-' || lpad(n::text, 7, '0'),
       extract(year FROM day), n, a.customer_id, a.id, %(issuer)s, '', 'later_transfer', day,
       day + time '07:00' AT TIME ZONE 'Asia/Tokyo', day, day + 30, day, day, false, 'floor',
       net, 0, net, 0, 0, 0, net
FROM generate_series(1, %(count)s) AS n
CROSS JOIN LATERAL (
    SELECT %(first)s::date + (n::bigint * %(days)s / %(count)s)::int, 1000 + (n::bigint * 7919) %% 1000000,
           CASE WHEN n %% 50 = 0 THEN 'return_invoice' ELSE 'invoice' END,
           CASE WHEN n %% 50 = 0 THEN 'RET' ELSE 'INV' END
) AS made (day, net, kind, prefix)
JOIN (
    SELECT id, customer_id, row_number() OVER (ORDER BY id) - 1 AS place FROM accounts_addressee
    WHERE tenant_id = %(tenant)s
) AS a ON a.place = (n::bigint * 31) %% %(customers)s
ORDER BY n
"""

_OPEN_ITEMS = """
INSERT INTO invoices_openitem (tenant_id, document_id, customer_id, due_on, open_amount)
SELECT tenant_id, id, customer_id, due_on, CASE WHEN serial %% 20 = 0 THEN total ELSE 0 END
FROM invoices_document WHERE tenant_id = %(tenant)s AND total > 0 ORDER BY id
"""


def make_archive(documents: int, customers: int) -> Tenant:
    """A tenant with so many documents, without lines, spread over its customers and three years."""
    [tenant] = make_tenants(1, customers, prefix="archive")
    with tenant_context(tenant), connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "tenant": tenant.pk,
            "issuer": issuer_snapshot().pk,
            "first": FIRST_DAY,
            "days": DAYS,
            "count": documents,
            "customers": customers,
        }
        cursor.execute(_DOCUMENTS, parameters)
        cursor.execute(_OPEN_ITEMS, parameters)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
    connections["owner"].close()
    return tenant


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of a page with its count, the middle of several; and how many rows were counted."""

    milliseconds: float
    slowest: float
    found: int


def measure_archive(documents: int, customers: int, rounds: int, say: Say) -> dict[str, Any]:
    """The time of each kind of search, and its ratio to fetching one page of newest documents by itself."""
    say(f"writing {documents:,} documents")
    started = time.perf_counter()
    tenant = make_archive(documents, customers)
    say(f"written in {time.perf_counter() - started:.1f} s")
    with tenant_context(tenant):
        plain = _timed(lambda: (list(_newest(Document.objects.all())), 0)[1], rounds)
        timings = {name: _timed(question, rounds) for name, question in _questions(documents).items()}
    return {
        "documents": documents,
        "customers": customers,
        "one_page_alone_ms": plain.milliseconds,
        **{
            name: {**asdict(timing), "ratio": round(timing.milliseconds / plain.milliseconds, 1)}
            for name, timing in timings.items()
        },
    }


def _questions(documents: int) -> dict[str, Callable[[], int]]:
    day, last = date(2025, 3, 1), date(2025, 5, 31)
    amounts = {"least": 500_000, "most": 500_500}
    asked: dict[str, dict[str, Any]] = {
        "newest": {},
        "three days": {"issued_from": day, "issued_to": date(2025, 3, 3)},
        "a year": {"issued_from": day, "issued_to": date(2026, 2, 28)},
        "amounts": amounts,
        "number": {"number": f"INV-2025-{documents // 2:07}"[:-2]},
        "rare kind": {"kind": DocumentKind.RETURN_INVOICE},
        "one counterparty": {"counterparty": "株式会社4711商事"},
        "every counterparty": {"counterparty": "商事"},
        "open": {"standing": "open"},
        "days and amounts": {"issued_from": day, "issued_to": last, **amounts},
        "days and counterparty": {"issued_from": day, "issued_to": last, "counterparty": "4711商事"},
        "all together": {
            "issued_from": day,
            "issued_to": date(2026, 2, 28),
            "least": 100_000,
            "most": 900_000,
            "counterparty": "471",
            "number": "INV-2025-",
            "kind": DocumentKind.INVOICE,
        },
    }
    questions = {name: _page_of(wanted) for name, wanted in asked.items()}
    questions["one box"] = lambda: _shown(by_number_or_counterparty(Document.objects.all(), "4711商事"))
    return questions


def _page_of(wanted: dict[str, Any]) -> Callable[[], int]:
    return lambda: _shown(search(Document.objects.all(), wanted, date(2026, 9, 1)))


def _shown(found: Any) -> int:
    """What a list does: count, as far as it counts, and fetch the first page with what is open."""
    counted = CountsToLimit(found.order_by("-issued_on", "-id"), PAGE).count
    list(_newest(found))
    return counted


def _newest(found: Any) -> Any:
    return with_open_item(found).select_related("customer").order_by("-issued_on", "-id")[:PAGE]


def _timed(question: Callable[[], int], rounds: int) -> Timing:
    times, found = [], question()
    for _ in range(rounds):
        started = time.perf_counter()
        found = question()
        times.append((time.perf_counter() - started) * 1000)
    return Timing(round(statistics.median(times), 1), round(max(times), 1), found)
