"""Closing a month and issuing its documents (A7, A10, A16, X3, X4)."""

from datetime import date

from invoices.models import DocumentLine
from tests.factories import make_customer
from tests.invoices.shop import at, charge, close_and_issue, documents, make_shop


def test_october_is_billed_on_the_first_of_november_and_due_on_its_last_day() -> None:
    shop = make_shop()
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, date(2026, 10, 28), 30_000)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert (invoice.kind, invoice.number) == ("invoice", "INV-2026-000001")
        assert (invoice.issued_on, invoice.due_on) == (date(2026, 11, 1), date(2026, 11, 30))
        assert invoice.booked_on == date(2026, 10, 31)
        assert (invoice.net_total, invoice.tax_total, invoice.total) == (30_000, 3_000, 33_000)
        assert invoice.to_pay == 33_000
        [line] = DocumentLine.objects.filter(document=invoice)
        assert (line.transaction_date, line.amount, line.tax_rate) == (date(2026, 10, 28), 30_000, 10)
