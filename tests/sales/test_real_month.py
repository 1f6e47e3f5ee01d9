"""A month of sales becomes a month of invoices, whose figures are the expected ones."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentTax
from tests.invoices.shop import make_shop


@pytest.mark.usefixtures("november_5")
def test_the_documents_are_those_expected(shared_sales: Path) -> None:
    # Its first closing is that of October, which takes what was delivered late in September too (X4).
    shop = make_shop(since=date(2026, 10, 1))
    for command in (
        ["import_sales", str(shared_sales / "sales-2026-10.csv")],
        ["close_month", "2026-10"],
    ):
        call_command(*command, "--tenant", shop.slug, stdout=StringIO())
    with tenant_context(shop):
        found = {
            document.customer.code: _figures(document)
            for document in Document.objects.filter(issued_on="2026-11-01").select_related("customer")
        }
    with (shared_sales / "sales-2026-10.expected.csv").open(encoding="utf-8") as lines:
        expected = {
            row.pop("customer"): {name: int(v) for name, v in row.items()} for row in csv.DictReader(lines)
        }
    assert found == expected


def _figures(document: Document) -> dict[str, int]:
    taxes = {tax.tax_category: tax for tax in DocumentTax.objects.filter(document=document)}
    figures = {"total": document.total}
    for category in ("standard", "reduced"):
        tax = taxes.pop(category, None)
        figures |= {f"net_{category}": tax.net if tax else 0, f"tax_{category}": tax.tax if tax else 0}
    return figures | {"net_untaxed": sum(tax.net for tax in taxes.values())}
