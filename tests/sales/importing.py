"""Words for tests of imports of sales."""

from typing import Any

import pytest

from accounts.models import AccountingContact, Addressee, Customer
from billing_project.audit.models import AuditEntry
from invoices.models import Charge
from orders.models import Order, OrderLine, Product
from orders.services.import_sales import ImportRejected, ImportResult, import_sales_file

from .files import sales_file

TABLES = (Customer, AccountingContact, Addressee, Product, Order, OrderLine, Charge, AuditEntry)


def run(*lines: str) -> ImportResult:
    return import_sales_file(content=sales_file(*lines), file_name="sales.csv")


def rejected(*lines: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRejected) as refusal:
        run(*lines)
    assert all(error.message for error in refusal.value.errors)
    return [error[:3] for error in refusal.value.errors]


def everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}
