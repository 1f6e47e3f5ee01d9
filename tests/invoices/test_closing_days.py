"""The days of a closing: when it closes, issues, is due and is booked (A10, X10)."""

from datetime import date

import pytest

from accounts.models import Tenant
from accounts.services import set_policy
from billing_project.errors import Code, Refusal
from invoices.models import Closing, ClosingState, DocumentLine
from invoices.services.closing import close_period, issue_closing
from ledger.models import Entry
from tests.factories import make_customer
from tests.invoices.shop import (
    OCTOBER_31,
    at,
    charge,
    close_and_issue,
    documents,
)


def test_october_is_billed_on_the_first_of_november_and_due_on_its_last_day(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer(), date(2026, 10, 28), 30_000)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert (invoice.kind, invoice.number) == ("invoice", "INV-2026-000001")
        assert (invoice.issued_on, invoice.due_on) == (date(2026, 11, 1), date(2026, 11, 30))
        assert (invoice.net_total, invoice.tax_total, invoice.total) == (30_000, 3_000, 33_000)
        assert (invoice.to_pay, invoice.deposit_applied) == (33_000, 0)
        [line] = DocumentLine.objects.filter(document=invoice)
        assert (line.transaction_date, line.amount, line.tax_rate) == (date(2026, 10, 28), 30_000, 10)


def test_december_is_due_on_the_first_bank_business_day_after_sunday_31_january(shop: Tenant) -> None:
    with at(shop, "2026-12-31 23:59"):
        charge(make_customer(), date(2026, 12, 31), 1_000)
    with at(shop, "2027-01-01 07:00"):
        [invoice] = documents(close_and_issue(date(2026, 12, 31)))
        assert (invoice.issued_on, invoice.due_on) == (date(2027, 1, 1), date(2027, 2, 1))
        assert (invoice.year, invoice.number) == (2027, "INV-2027-000001")


def test_date_of_account_is_the_closing_day_or_a_later_transaction(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        early, late = make_customer("early"), make_customer("late")
        charge(early, date(2026, 10, 5), 1_000)
        charge(late, date(2026, 11, 1), 1_000, billable_from=date(2026, 10, 28))
    with at(shop, "2026-11-01 07:00"):
        first, second = documents(close_and_issue())
        assert (first.booked_on, second.booked_on) == (date(2026, 10, 31), date(2026, 11, 1))
        booked = Entry.objects.filter(reason="document").values_list("source_id", "booked_on")
        assert dict(booked) == {first.pk: first.booked_on, second.pk: second.booked_on}


def test_a_month_that_is_not_over_is_refused(shop: Tenant) -> None:
    with at(shop, "2026-10-31 23:59"):
        with pytest.raises(Refusal) as refused:
            close_period(closes_on=OCTOBER_31)
        assert refused.value.code == Code.MONTH_NOT_OVER
        assert not Closing.objects.exists()


def test_a_day_on_which_no_period_ends_is_refused(shop: Tenant) -> None:
    with at(shop, "2026-11-02 00:00"), pytest.raises(Refusal) as refused:
        close_period(closes_on=date(2026, 10, 30))
    assert refused.value.code == Code.INVALID_DATE


def test_documents_wait_for_their_issue_day(shop: Tenant) -> None:
    with at(shop, "2026-10-01 00:00"):
        set_policy(changes={"issue_day": "bd3"}, valid_from=date(2026, 10, 1))
        charge(make_customer(), date(2026, 10, 1), 1_000)
    with at(shop, "2026-11-04 23:59"):
        closing = close_and_issue()
        assert (closing.state, closing.issue_on) == (ClosingState.CLOSED, date(2026, 11, 5))
        assert documents(closing) == []
    with at(shop, "2026-11-05 00:00"):
        [invoice] = documents(issue_closing(closing=closing))
        assert invoice.issued_on == date(2026, 11, 5)


def test_methods_with_issue_days_of_their_own_are_issued_on_them(shop: Tenant) -> None:
    with at(shop, "2026-10-01 00:00"):
        set_policy(
            changes={
                "qualified_document": "delivery_note; later_transfer invoice; card invoice",
                "issue_day": "1; card 5+",
                "due_day": "last+; card 10",
            },
            valid_from=date(2026, 10, 1),
        )
        acme = make_customer()
        for method in ("later_transfer", "card", "deposit"):
            charge(acme, date(2026, 10, 1), 1_000, payment_method=method)
    with at(shop, "2026-11-01 07:00"):
        closing = close_and_issue()
        assert closing.state == ClosingState.CLOSED
    with at(shop, "2026-11-05 07:00"):
        closing = issue_closing(closing=closing)
        assert (closing.state, closing.document_count, closing.total) == (ClosingState.ISSUED, 2, 2_200)
        days = [(d.payment_method, d.issued_on, d.due_on) for d in documents(closing)]
        assert days == [
            ("later_transfer", date(2026, 11, 1), date(2026, 11, 30)),
            ("card", date(2026, 11, 5), date(2026, 11, 10)),
        ]


def test_rounding_and_due_day_are_those_of_the_closing_day(shop: Tenant) -> None:
    with at(shop, "2026-10-15 00:00"):
        set_policy(changes={"tax_rounding": "ceil"}, valid_from=date(2026, 10, 31))
        set_policy(changes={"tax_rounding": "floor", "due_day": "20"}, valid_from=date(2026, 11, 1))
        charge(make_customer(), date(2026, 10, 15), 105)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert (invoice.tax_total, invoice.due_on) == (11, date(2026, 11, 30))
