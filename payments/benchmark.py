"""A bank file against many open documents, in a scratch database; `./manage.py bench_matching` runs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.calendar import Month
from billing_project.tenancy.context import current_tenant_id, tenant_context
from invoices.benchmark.data import FIRST_MONTH, analyse, issue_moment, make_tenants, record_month
from invoices.models import OpenItem
from invoices.services.closing import close_period, issue_closing
from ledger.verification import verify
from payments.bank_files.days import REIWA
from payments.bank_files.layouts import Kind
from payments.bank_files.records import Values
from payments.bank_files.zengin import NewBatch, write_file
from payments.models import Match
from payments.services import ImportResult, import_bank_file

Say = Callable[[str], None]

# Numbers as names: 株式会社 and the kana of its digits.
_NAMES = """
UPDATE accounts_customer SET name_kana = 'カブシキガイシャ' || translate(
    lpad(substr(code, 2), 6, '0'), '0123456789', 'アカサタナハマヤラワ') WHERE tenant_id = %s
"""
_DIGITS = str.maketrans("0123456789", "ｱｶｻﾀﾅﾊﾏﾔﾗﾜ")


@dataclass(frozen=True, slots=True)
class Debtor:
    code: str
    sums: tuple[int, ...]

    @property
    def printed(self) -> str:
        return printed_name(self.code)


def name_customers() -> None:
    """Gives the current tenant's customers the names that `printed_name` prints."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [current_tenant_id()])


def printed_name(code: str) -> str:
    """As the bank prints the customer of this number."""
    return "ｶ)" + code[1:].zfill(6).translate(_DIGITS)


def measure(transfers: int, documents: int, say: Say) -> dict[str, Any]:
    """The figures as they are printed: seconds, and shares of the transfers by what became of them."""
    customers = min(transfers, documents)
    months = max(1, documents // customers)
    tenant, today = _make_documents(customers, months, say)
    with clock.frozen(issue_moment(today)):
        with tenant_context(tenant):
            content = _write(_debtors(), transfers, issue_moment(today).date())
        connection.close()
        say(f"importing {transfers} transfers against {customers * months} open documents")
        started = time.perf_counter()
        with tenant_context(tenant):
            result = import_bank_file(content=content)
        seconds = time.perf_counter() - started
        with tenant_context(tenant):
            return _figures(result, customers * months, seconds)


def _figures(result: ImportResult, documents: int, seconds: float) -> dict[str, Any]:
    file = result.file
    return {
        "transfers": file.entries,
        "documents": documents,
        "seconds": round(seconds, 1),
        "exact": round(file.exact / file.entries, 4),
        "otherwise_matched": round((file.matched - file.exact) / file.entries, 4),
        "suggested": round(file.suggested / file.entries, 4),
        "unmatched": round(file.unmatched / file.entries, 4),
        "kinds": result.kinds,
        "matches": Match.objects.count(),
        "differences": len(verify()),
    }


def _make_documents(customers: int, months: int, say: Say) -> tuple[Tenant, Month]:
    say(f"making {customers} customers with {months} documents each")
    [tenant] = make_tenants(1, customers)
    with tenant_context(tenant):
        name_customers()
    for number in range(months):
        month = FIRST_MONTH.plus(number)
        record_month(tenant, month, 1)
        analyse()
        with clock.frozen(issue_moment(month)), tenant_context(tenant):
            issue_closing(closing=close_period(closes_on=month.last_day))
    analyse()
    return tenant, FIRST_MONTH.plus(months - 1)


def _debtors() -> list[Debtor]:
    codes = dict(Customer.objects.order_by("pk").values_list("pk", "code"))
    sums: dict[int, list[int]] = {}
    for customer_id, amount in OpenItem.objects.order_by("due_on", "id").values_list(
        "customer", "open_amount"
    ):
        sums.setdefault(customer_id, []).append(amount)
    return [Debtor(codes[pk], tuple(sums[pk])) for pk in sorted(sums)]


def _write(debtors: list[Debtor], transfers: int, today: date) -> bytes:
    era = f"{today.year - REIWA:02}{today:%m%d}"
    header = {"made_on": era, "first_day": era, "last_day": era, "bank_code": "0001", "branch_code": "100"}
    account: dict[str, str | int] = {"account_type": 1, "account_number": "1234567", "account_name": "ｶ)ﾍﾞﾝﾁ"}
    return write_file(
        Kind.INCOMING, [NewBatch({**header, **account}, list(_rows(debtors, transfers, today)))]
    )


def _rows(debtors: list[Debtor], transfers: int, today: date) -> Iterator[Values]:
    """Of a hundred, 72 pay one bill to the yen, 5 all bills, 5 by number; 10 tell no known payer."""
    for number in range(transfers):
        debtor, turn = debtors[number % len(debtors)], number % 100
        name, amount = debtor.printed, debtor.sums[0]
        if turn >= 95:
            name, amount = "ﾀﾞﾚｶ", 7
        elif turn >= 90:
            name = "ﾀﾞﾚｶ"
        elif turn >= 85:
            name = f"{debtor.code} ﾀﾞﾚｶ"
        elif turn >= 80:
            amount = sum(debtor.sums)
        elif turn >= 77:
            amount = sum(debtor.sums) + 1_000
        elif turn >= 75:
            amount = max(1, amount // 3)
        elif turn >= 72:
            amount = max(1, amount - 440)
        day = today - timedelta(days=number % 5)
        yield {
            "reference": number % 1_000_000,
            "booked_on": f"{day.year - REIWA:02}{day:%m%d}",
            "amount": amount,
            "payer_name": name,
        }
