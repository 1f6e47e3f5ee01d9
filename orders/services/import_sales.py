"""Sales that another system delivered become orders, lines and charges: the whole file or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod, PriceEntry
from accounts.selectors import policy_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import current_tenant_id
from billing_project.tenancy.lookup import current_tenant
from invoices.services.gate import pass_gate
from orders.models import Order, Product
from orders.sales_file import LineError, SaleRow, SalesFile, read_sales_file
from orders.sales_file.merging import fingerprint
from orders.services.import_conflicts import conflicts
from orders.services.import_records import take_addressees, take_customers, take_products
from orders.services.import_rows import Records, insert_sales

KNOWN_BATCH = 10_000
# The first half of the advisory lock's key; the second is the tenant.
LOCK = 0x5A1E5

Progress = Callable[[int, int], None]
"""Told how many sales of how many are stored."""


class ImportRejected(Refusal):
    """The file cannot be taken; `errors` names each place. Nothing was stored."""

    def __init__(self, errors: Sequence[LineError]) -> None:
        super().__init__(Code.IMPORT_REJECTED, errors=[error._asdict() for error in errors])
        self.errors = tuple(errors)


@dataclass(frozen=True)
class ImportResult:
    """`created` sales, `skipped` ones that were known already, and what was made for them."""

    created: int
    skipped: int
    customers_new: int
    products_new: int


@dataclass(frozen=True)
class ImportPreview:
    """What an import of the file would do; with `errors` it would be refused."""

    result: ImportResult
    rows: tuple[SaleRow, ...]
    errors: tuple[LineError, ...]


def read_sales(content: bytes) -> SalesFile:
    """The file's rows and errors; a delivery that lies in the tenant's future is one (X4)."""
    return read_sales_file(content, latest=clock.today(current_tenant().zone))


def preview_sales(content: bytes) -> ImportPreview:
    """What `import_sales` would do with this file now; stores nothing."""
    sales = read_sales(content)
    new, others = _split(sales.rows)
    codes, skus = {row.customer_code for row in new}, {row.sku for row in new}
    result = ImportResult(
        created=len(new),
        skipped=len(sales.rows) - len(new) - len(others),
        customers_new=len(codes) - Customer.objects.filter(code__in=list(codes)).count(),
        products_new=len(skus) - Product.objects.filter(sku__in=list(skus)).count(),
    )
    errors = sorted([*sales.errors, *conflicts(others)])
    return ImportPreview(result, sales.rows, tuple(errors))


def import_sales_file(
    *, content: bytes, file_name: str = "", progress: Progress | None = None
) -> ImportResult:
    """Reads and imports a file. Raises ImportRejected with every error in it, else as `import_sales`."""
    sales = read_sales(content)
    if sales.errors:
        raise ImportRejected(sales.errors)
    return import_sales(rows=sales.rows, file_sha256=sales.sha256, file_name=file_name, progress=progress)


@transaction.atomic
def import_sales(
    *,
    rows: Sequence[SaleRow],
    file_sha256: str,
    file_name: str = "",
    progress: Progress | None = None,
) -> ImportResult:
    """Stores the sales of a file without errors, in the tenant's context: all of them, or none.

    Each becomes a delivered order with one line and one charge dated by its delivery, paid after the closing.
    A number that is known with equal content is skipped. Credit limit and the 31 days of X4 do not apply.
    Raises ImportRejected when a number is known with other content; Refusal `method_not_offered` when the
    tenant offers no payment after closing, `import_rejected` when its prices contain the tax.
    """
    _take_turn()
    new, others = _split(rows)
    if others:
        raise ImportRejected(conflicts(others))
    skipped = len(rows) - len(new)
    if not new:
        return ImportResult(0, skipped, 0, 0)
    policy = policy_on(clock.today(current_tenant().zone))
    _check_policy(policy)
    pass_gate()
    customers = take_customers(new, policy)
    products, products_new = take_products(new)
    addressees = take_addressees(new, customers.ids)
    insert_sales(new, Records(customers.ids, addressees, products), progress)
    result = ImportResult(len(new), skipped, len(customers.new), products_new)
    _record(result, customers.changed, customers.allowed, file_sha256=file_sha256, file_name=file_name)
    return result


def _take_turn() -> None:
    """Imports of one tenant follow each other, so that the second sees what the first stored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, current_tenant_id()])


def _split(rows: Sequence[SaleRow]) -> tuple[list[SaleRow], list[SaleRow]]:
    """The rows whose number is new, and those whose number is known with other content."""
    known = _fingerprints([row.number for row in rows])
    new = [row for row in rows if row.number not in known]
    others = [row for row in rows if row.number in known and known[row.number] != fingerprint(row)]
    return new, others


def _fingerprints(numbers: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(numbers), KNOWN_BATCH):
        orders = Order.objects.filter(number__in=numbers[start : start + KNOWN_BATCH])
        found.update(orders.values_list("number", "fingerprint"))
    return found


def _check_policy(policy: BillingPolicy) -> None:
    if PaymentMethod.LATER_TRANSFER not in policy.payment_methods:
        raise Refusal(
            Code.METHOD_NOT_OFFERED,
            _("Imported sales are paid after the closing. Add this payment method to the policy first."),
        )
    if policy.price_entry != PriceEntry.TAX_EXCLUSIVE:
        raise Refusal(
            Code.IMPORT_REJECTED,
            _("The file's prices are without tax, but the policy's prices contain it. Nothing was stored."),
        )


def _record(result: ImportResult, changed: list[str], allowed: list[str], **file: Any) -> None:
    record(
        "sales_imported",
        **file,
        created=result.created,
        skipped=result.skipped,
        customers_new=result.customers_new,
        products_new=result.products_new,
        customers_changed=changed,
        later_payment_allowed=allowed,
    )
