"""Words for tests of money that arrives: files loaded, and what the books say."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum

from accounts.models import Customer
from invoices.models import OpenItem
from ledger.models import CustomerBalance, Line
from payments.services import (
    ImportResult,
    import_bank_file,
)
from tests.acts import at
from tests.payments.files import incoming

NOON = at("2026-12-10 12:00")


def load(*rows: tuple[str, int] | dict[str, Any], name: str = "20261207.txt") -> ImportResult:
    return import_bank_file(content=incoming(*rows), name=name)


def open_sums() -> list[int]:
    return list(OpenItem.objects.order_by("due_on", "id").values_list("open_amount", flat=True))


def standing(customer: Customer) -> tuple[int, int]:
    row = CustomerBalance.objects.get(customer=customer)
    return row.receivable, row.deposit


def account(name: str) -> int:
    return Line.objects.filter(account=name).aggregate(total=Sum("amount"))["total"] or 0
