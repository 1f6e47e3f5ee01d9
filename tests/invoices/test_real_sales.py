"""A real month: the documents equal what the back office expects, customer by customer."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date

import pytest

from billing_project import clock
from billing_project.calendar import Month
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentTax
from invoices.services.months import close_month
from orders.services.import_sales import import_sales_file
from tests.invoices.shop import assert_books_are_right, make_shop, moment
from tests.shared import SHARED

SALES = SHARED / "data" / "sales"


@pytest.mark.skipif(not SALES.is_dir(), reason=f"{SALES} is not on this machine")
def test_the_documents_of_october_equal_the_expected_figures() -> None:
    shop = make_shop(since=date(2026, 10, 1))
    with clock.frozen(moment("2026-11-05 10:00")):
        with tenant_context(shop):
            import_sales_file(content=(SALES / "sales-2026-10.csv").read_bytes())
        preview = close_month(tenant=shop, month=Month(2026, 10), dry_run=True)
        done = close_month(tenant=shop, month=Month(2026, 10))
    with (SALES / "sales-2026-10.expected.csv").open(encoding="utf-8-sig") as file:
        expected = {
            row.pop("customer"): {name: int(sum_) for name, sum_ in row.items()}
            for row in csv.DictReader(file)
        }
    with tenant_context(shop):
        assert _figures() == expected
        issued = set(Document.objects.values_list("issued_on", "due_on"))
        assert issued == {(date(2026, 11, 1), date(2026, 11, 30))}
    assert done.figures == preview.figures
    assert done.figures.total == sum(row["total"] for row in expected.values())
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
