"""Closing a month and issuing its documents (A7, A10, A16, X2, X3, X4, X10)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

from accounts.models import Tenant
from accounts.services import NewContact, addressee_of, change_contact, set_policy
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code, Refusal
from billing_project.jobs.models import Job, JobState
from billing_project.jobs.services import run_due
from billing_project.money import Rounding
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Charge, Closing, ClosingState, Document, DocumentKind, DocumentLine
from invoices.selectors import closing_figures, is_billed
from invoices.services.charges import reverse_charge
from invoices.services.closing import close_period, issue_closing
from invoices.services.issuing import Terms, issue_documents_of_charges
from invoices.services.previews import preview_closing
from ledger.models import Entry
from tests.factories import make_customer
from tests.invoices.shop import (
    NOVEMBER_30,
    OCTOBER_31,
    SEPTEMBER_30,
    assert_books_are_right,
    at,
    charge,
    close_and_issue,
    documents,
    make_shop,
    moment,
    taxes,
)


@pytest.fixture
def shop() -> Iterator[Tenant]:
    shop = make_shop()
    yield shop
    assert_books_are_right(shop)


# A10: the days


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


# A7: one document per customer, addressee, method


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


# X3, X4: late, twice, again


def test_a_late_charge_goes_into_the_next_closing_with_its_own_date(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, date(2026, 10, 28), 1_000)
    with at(shop, "2026-11-01 00:00"):
        october = close_period(closes_on=OCTOBER_31)
    with at(shop, "2026-11-01 00:00"):
        late = charge(acme, date(2026, 10, 30), 2_000)
    with at(shop, "2026-11-01 07:00"):
        assert issue_closing(closing=october).total == 1_100
        assert not is_billed(late)
    with at(shop, "2026-12-01 07:00"):
        [invoice] = documents(close_and_issue(NOVEMBER_30))
        assert invoice.total == 2_200
        assert (invoice.first_transaction_on, invoice.booked_on) == (date(2026, 10, 30), NOVEMBER_30)


def test_a_late_run_takes_what_was_recorded_by_then_and_is_dated_as_scheduled(shop: Tenant) -> None:
    with at(shop, "2026-11-09 10:00"):
        charge(make_customer(), date(2026, 10, 30), 1_000)
        charge(make_customer(), date(2026, 11, 1), 7_000)
    with at(shop, "2026-11-09 11:00"):
        [invoice] = documents(close_and_issue())
        assert (invoice.total, invoice.issued_on, invoice.due_on) == (
            1_100,
            date(2026, 11, 1),
            date(2026, 11, 30),
        )


def test_the_first_closing_takes_everything_before_it(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, date(2026, 7, 1), 1_000)
        charge(acme, date(2026, 10, 31), 2_000)
        charge(acme, date(2026, 11, 1), 4_000)
    with at(shop, "2026-11-01 07:00"):
        assert close_and_issue().total == 3_300


def test_an_earlier_month_closed_afterwards_bills_nothing_twice(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, date(2026, 9, 10), 1_000)
    with at(shop, "2026-11-01 07:00"):
        assert close_and_issue(OCTOBER_31).total == 1_100
    with at(shop, "2026-11-02 07:00"):
        charge(acme, date(2026, 9, 11), 2_000)
        assert close_and_issue(SEPTEMBER_30).total == 2_200
    with at(shop, "2026-12-01 07:00"):
        assert close_and_issue(NOVEMBER_30).total == 0


def test_closing_and_issuing_twice_changes_nothing(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, date(2026, 10, 28), 1_000)
    with at(shop, "2026-11-01 07:00"):
        first = close_and_issue()
    with at(shop, "2026-11-01 08:00"):
        charge(acme, date(2026, 10, 28), 2_000)
        again = close_and_issue()
        assert (again.pk, again.issued_at, again.total) == (first.pk, first.issued_at, 1_100)
        assert Document.objects.count() == 1


def test_every_hour_across_midnight_in_japan_gives_one_document() -> None:
    # lago #879, #1074: midnight in Japan is 15:00Z, and the day must not be judged in UTC.
    shop = make_shop(since=date(2026, 10, 30))
    with at(shop, "2026-10-30 10:00"):
        charge(make_customer(), date(2026, 10, 30), 1_000)
    counts = {}
    for hour in range(48):
        now = moment("2026-10-31 00:30") + timedelta(hours=hour)
        with clock.frozen(now):
            run_due(shop.pk)
            with tenant_context(shop):
                counts[now.isoformat()[:16]] = (Closing.objects.count(), Document.objects.count())
    changes = {after[0]: after[1] for before, after in pairwise(counts.items()) if before[1] != after[1]}
    assert changes == {"2026-11-01T00:30": (1, 0), "2026-11-01T07:30": (1, 1)}
    assert_books_are_right(shop)


def test_days_missed_are_caught_up_as_scheduled() -> None:
    shop = make_shop(since=date(2026, 9, 30))
    with at(shop, "2026-09-30 10:00"):
        acme = make_customer()
        for day in (date(2026, 9, 30), date(2026, 10, 5)):
            charge(acme, day, 1_000)
    with clock.frozen(moment("2026-11-04 12:00")):
        run_due(shop.pk)
    with tenant_context(shop):
        days = Document.objects.order_by("serial").values_list("issued_on", "due_on")
        assert list(days) == [
            (date(2026, 10, 1), date(2026, 11, 2)),
            (date(2026, 11, 1), date(2026, 11, 30)),
        ]
        assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_jobs_close_no_period_that_ended_before_the_tenant_began() -> None:
    shop = make_shop(since=date(2026, 10, 1))
    with at(shop, "2026-10-01 10:00"):
        charge(make_customer(), date(2026, 9, 29), 1_000)
    with clock.frozen(moment("2026-11-01 07:00")):
        run_due(shop.pk)
    with tenant_context(shop):
        assert [str(closing) for closing in Closing.objects.all()] == ["2026-10-31"]
        assert Document.objects.get().first_transaction_on == date(2026, 9, 29)


# A16: undone before it was billed


def test_a_charge_undone_before_the_issue_and_its_reversal_stay_off_every_document(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        same_month, after_closing = (
            charge(acme, date(2026, 10, 28), 1_000),
            charge(acme, date(2026, 10, 29), 2_000),
        )
        reverse_charge(charge=same_month, on=date(2026, 10, 29))
    with at(shop, "2026-11-01 00:00"):
        october = close_period(closes_on=OCTOBER_31)
    with at(shop, "2026-11-01 06:59"):
        reverse_charge(charge=after_closing, on=date(2026, 11, 1))
    with at(shop, "2026-11-01 07:00"):
        assert documents(issue_closing(closing=october)) == []
    with at(shop, "2026-12-01 07:00"):
        assert documents(close_and_issue(NOVEMBER_30)) == []


def test_a_return_of_what_was_billed_comes_off_the_next_bill(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        sold = charge(acme, date(2026, 10, 28), 1_000)
    with at(shop, "2026-11-01 07:00"):
        close_and_issue()
    with at(shop, "2026-11-03 10:00"):
        reversal = reverse_charge(charge=sold, on=date(2026, 11, 3))
        assert (reversal.quantity, reversal.amount, reversal.tax_rate) == (-1, -1_000, 10)
        charge(acme, date(2026, 11, 4), 3_000)
    with at(shop, "2026-12-01 07:00"):
        [invoice] = documents(close_and_issue(NOVEMBER_30))
        assert (invoice.kind, taxes(invoice)) == ("invoice", {"standard": (2_000, 200)})


def test_a_charge_is_reversed_once(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        sold = charge(make_customer(), date(2026, 10, 28), 1_000)
        reversal = reverse_charge(charge=sold, on=date(2026, 10, 29))
        with pytest.raises(Refusal) as refused:
            reverse_charge(charge=sold, on=date(2026, 10, 30))
        assert refused.value.code == Code.ALREADY_CANCELLED
        with pytest.raises(Refusal) as refused:
            reverse_charge(charge=reversal, on=date(2026, 10, 30))
        assert refused.value.code == Code.NOT_CANCELLABLE
        assert Charge.objects.count() == 2


# What comes with it


def test_each_document_is_announced_once_and_the_act_is_in_the_audit_log(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer(), date(2026, 10, 28), 1_000)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        [mail] = Mail.objects.filter(kind="document_issued")
        assert (mail.occasion, mail.reference) == (f"document:{invoice.pk}:issued", invoice.pk)
        acts = AuditEntry.objects.filter(action__in=["period_closed", "documents_issued"])
        assert [act.action for act in acts.order_by("id")] == ["period_closed", "documents_issued"]


def test_a_preview_says_what_will_be_and_changes_nothing(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        charge(make_customer("a"), date(2026, 10, 28), 1_000)
        charge(make_customer("b"), date(2026, 10, 28), 1_000, tax="reduced")
        preview = preview_closing(closes_on=OCTOBER_31)
        assert (preview.figures.documents, preview.figures.total) == (2, 2_180)
        assert [document.total for document in preview.documents] == [1_100, 1_080]
        assert not Closing.objects.exists()
        assert not Document.objects.exists()
        assert not Mail.objects.filter(kind="document_issued").exists()
    with at(shop, "2026-11-01 07:00"):
        closing = close_and_issue()
        assert closing_figures(closing) == preview.figures
        assert preview_closing(closes_on=OCTOBER_31).figures == preview.figures


def test_a_delivery_note_is_the_same_act_with_one_customer(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer(pays="card")
        sold = [charge(acme, date(2026, 10, 28), price) for price in (123, 234)]
        terms = Terms(
            issued_on=date(2026, 10, 28),
            rounding=Rounding.FLOOR,
            apply_deposit=False,
            due_on={},
            kind=DocumentKind.DELIVERY_NOTE,
        )
        [note] = issue_documents_of_charges(charges=sold, terms=terms)
        assert (note.number, note.due_on, note.total) == ("DN-2026-000001", None, 357 + 35)
        assert note.booked_on == date(2026, 10, 28)
        assert note.addressee == addressee_of(acme)
