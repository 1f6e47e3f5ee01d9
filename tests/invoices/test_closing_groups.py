"""What is on which document, of which kind, under which number (A6, A7, X2)."""

from datetime import date

from accounts.models import Tenant
from accounts.services import NewContact, change_contact
from invoices.models import ClosingState, Document, DocumentLine
from tests.factories import make_customer
from tests.invoices.shop import (
    NOVEMBER_30,
    OCTOBER_31,
    assert_books_are_right,
    at,
    charge,
    close_and_issue,
    documents,
    make_shop,
    taxes,
)


def test_two_addressees_make_two_documents(shop: Tenant) -> None:
    with at(shop, "2026-10-01 10:00"):
        acme = make_customer(contact="経理 太郎")
        charge(acme, date(2026, 10, 1), 1_000)
        charge(acme, date(2026, 10, 2), 2_000)
        change_contact(customer=acme, contact=NewContact("経理 花子", "hanako@example.com"))
        charge(acme, date(2026, 10, 3), 4_000)
    with at(shop, "2026-11-01 07:00"):
        found = documents(close_and_issue())
        assert [(d.addressee.contact_name, d.total) for d in found] == [
            ("経理 太郎", 3_300),
            ("経理 花子", 4_400),
        ]


def test_prices_with_and_without_tax_are_on_documents_of_their_own(shop: Tenant) -> None:
    with at(shop, "2026-10-01 10:00"):
        acme = make_customer()
        charge(acme, date(2026, 10, 1), 1_000, tax_inclusive=True)
        charge(acme, date(2026, 10, 1), 1_000)
    with at(shop, "2026-11-01 07:00"):
        found = documents(close_and_issue())
        assert [(d.tax_inclusive, d.net_total, d.total) for d in found] == [
            (False, 1_000, 1_100),
            (True, 910, 1_000),
        ]


def test_lines_are_sorted_by_day_then_order_then_entry(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        for day, order, price in [(3, "O-2", 4), (3, "O-10", 3), (1, "O-9", 1), (1, "O-9", 2)]:
            charge(acme, date(2026, 10, day), price, order_number=order)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        lines = DocumentLine.objects.filter(document=invoice).order_by("position")
        assert [(line.position, line.amount) for line in lines] == [(1, 1), (2, 2), (3, 3), (4, 4)]


def test_what_is_billed_at_delivery_stays_out(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer(pays="card"), date(2026, 10, 28), 1_000)
        charge(make_customer(), date(2026, 10, 28), 1_000)
    with at(shop, "2026-11-01 07:00"):
        assert [d.payment_method for d in documents(close_and_issue())] == ["later_transfer"]


def test_a_month_without_charges_gives_no_document(shop: Tenant) -> None:
    with at(shop, "2026-11-01 07:00"):
        closing = close_and_issue()
        assert (closing.state, closing.document_count, closing.total) == (ClosingState.ISSUED, 0, 0)
        assert documents(closing) == []


def test_a_free_sale_is_billed_with_nothing_to_pay(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer(), date(2026, 10, 28), 0)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert (invoice.total, invoice.to_pay) == (0, 0)


# Kinds and numbers


def test_without_a_taxable_line_it_is_a_plain_invoice_with_numbers_of_its_own(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        for name, tax in [("a", "standard"), ("b", "exempt"), ("c", "reduced"), ("d", "out_of_scope")]:
            charge(make_customer(name), date(2026, 10, 28), 1_000, tax=tax)
    with at(shop, "2026-11-01 07:00"):
        closing = close_and_issue()
        numbers = (
            Document.objects.filter(closing=closing).order_by("customer").values_list("number", flat=True)
        )
        assert list(numbers) == ["INV-2026-000001", "PLN-2026-000001", "INV-2026-000002", "PLN-2026-000002"]


def test_an_issuer_that_is_not_registered_states_no_tax() -> None:
    shop = make_shop(charges_tax=False)
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer(), date(2026, 10, 28), 1_000)
    with at(shop, "2026-11-01 07:00"):
        [plain] = documents(close_and_issue())
        assert (plain.kind, plain.net_total, plain.tax_total, plain.total) == (
            "plain_invoice",
            1_000,
            0,
            1_000,
        )
        assert DocumentLine.objects.get(document=plain).tax_rate is None
        assert taxes(plain) == {"standard": (1_000, 0)}
    assert_books_are_right(shop)


def test_numbers_go_on_over_the_months_and_begin_anew_with_the_year(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        for day in (date(2026, 10, 28), date(2026, 11, 28), date(2026, 12, 28)):
            charge(acme, day, 1_000)
    with at(shop, "2027-01-01 07:00"):
        numbers = [
            documents(close_and_issue(day))[0].number for day in (OCTOBER_31, NOVEMBER_30, date(2026, 12, 31))
        ]
        assert numbers == ["INV-2026-000001", "INV-2026-000002", "INV-2027-000001"]
