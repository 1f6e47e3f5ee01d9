"""Late, twice, again, undone (A16, X3, X4)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from accounts.models import Tenant
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.jobs.models import Job, JobState
from billing_project.jobs.services import run_due
from billing_project.tenancy.context import tenant_context
from invoices.models import Charge, Closing, Document
from invoices.selectors import is_billed
from invoices.services.charges import reverse_charge
from invoices.services.closing import close_period, issue_closing
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
