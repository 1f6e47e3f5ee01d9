"""A real month of sales becomes a month of documents, whose figures are those expected of each customer."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from billing_project.calendar import Month
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentTax
from invoices.services.months import close_month
from tests.invoices.shop import assert_books_are_right, make_shop


@pytest.mark.usefixtures("november_5")
def test_the_documents_are_those_expected(shared_sales: Path) -> None:
    # Its first closing is that of October, which takes what was delivered late in September too (X4).
    shop = make_shop(since=date(2026, 10, 1))
    sales = str(shared_sales / "sales-2026-10.csv")
    call_command("import_sales", sales, "--tenant", shop.slug, stdout=StringIO())
    preview = close_month(tenant=shop, month=Month(2026, 10), dry_run=True)
    call_command("close_month", "2026-10", "--tenant", shop.slug, stdout=StringIO())
    with (shared_sales / "sales-2026-10.expected.csv").open(encoding="utf-8-sig") as lines:
        expected = {
            row.pop("customer"): {name: int(sum_) for name, sum_ in row.items()}
            for row in csv.DictReader(lines)
        }
    with tenant_context(shop):
        assert _figures() == expected
        issued = set(Document.objects.values_list("issued_on", "due_on"))
        assert issued == {(date(2026, 11, 1), date(2026, 11, 30))}
    assert preview.figures.documents == len(expected)
    assert preview.figures.total == sum(row["total"] for row in expected.values())
    assert_books_are_right(shop)


def _figures() -> dict[str, dict[str, int]]:
    """The columns of the expected file, by customer number, from the stored documents."""
    names = ["net_standard", "tax_standard", "net_reduced", "tax_reduced", "net_untaxed", "total"]
    figures: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    for total in DocumentTax.objects.select_related("document__customer"):
        row = figures[total.document.customer.code]
        if total.tax_category in ("standard", "reduced"):
            row[f"net_{total.tax_category}"] += total.net
            row[f"tax_{total.tax_category}"] += total.tax
        else:
            row["net_untaxed"] += total.net
    for document in Document.objects.select_related("customer"):
        figures[document.customer.code]["total"] += document.total
    return dict(figures)
