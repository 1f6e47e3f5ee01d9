"""`close_month`: what the jobs would do, for a person at the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.calendar import Month
from billing_project.errors import Code, Refusal
from billing_project.jobs.models import Job, JobState
from billing_project.jobs.services import run_due
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from invoices.models import Closing, ClosingState, Document, NumberCounter
from invoices.services.months import close_month
from tests.factories import make_customer
from tests.invoices.shop import assert_books_are_right, at, charge, make_shop, moment


@pytest.fixture
def shop() -> Iterator[Tenant]:
    """Open since 25 September, with a sale of September and two of October; no job has run."""
    shop = make_shop(since=date(2026, 9, 25))
    with at(shop, "2026-10-29 10:00"):
        acme = make_customer()
        charge(acme, date(2026, 9, 28), 100_000)
        charge(acme, date(2026, 10, 28), 30_000)
        charge(make_customer(), date(2026, 10, 29), 10_000, tax="reduced")
    yield shop
    assert_books_are_right(shop)


def run(shop: Tenant, month: str, *flags: str, now: str = "2026-11-09 10:00") -> Any:
    out = io.StringIO()
    with clock.frozen(moment(now)):
        call_command("close_month", month, "--tenant", shop.slug, *flags, stdout=out)
    return json.loads(out.getvalue()) if "--json" in flags else out.getvalue()


def test_it_catches_up_missed_days_in_order_and_issues(shop: Tenant) -> None:
    report = run(shop, "2026-10", "--json")
    # 30,000 + 10 % and 10,000 + 8 %; September's sale is on September's own document.
    assert report == {
        "tenant": shop.slug,
        "month": "2026-10",
        "dry_run": False,
        "already_closed": False,
        "closes_on": "2026-10-31",
        "issue_on": "2026-11-01",
        "state": "issued",
        "documents": 2,
        "lines": 2,
        "customers": 2,
        "net": 40_000,
        "tax": 3_800,
        "total": 43_800,
        "deposit_applied": 0,
        "to_pay": 43_800,
        "left_out": 0,
        "kinds": {"invoice": 2},
        "rates": [
            {"category": "reduced", "rate": 8, "net": 10_000, "tax": 800},
            {"category": "standard", "rate": 10, "net": 30_000, "tax": 3_000},
        ],
    }
    with tenant_context(shop):
        days = Document.objects.order_by("serial").values_list("issued_on", "total")
        assert list(days) == [
            (date(2026, 10, 1), 110_000),
            (date(2026, 11, 1), 33_000),
            (date(2026, 11, 1), 10_800),
        ]


def test_the_jobs_go_on_where_it_stopped(shop: Tenant) -> None:
    run(shop, "2026-10")
    with clock.frozen(moment("2026-12-01 07:00")):
        run_due(shop.pk)
    with tenant_context(shop):
        assert Closing.objects.filter(state=ClosingState.ISSUED).count() == 3
        assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_again_it_says_so_and_changes_nothing(shop: Tenant) -> None:
    first = run(shop, "2026-10", "--json")
    again = run(shop, "2026-10", "--json")
    assert again == {**first, "already_closed": True}
    assert "already closed, nothing was changed" in run(shop, "2026-10")


def test_a_dry_run_says_the_same_and_changes_nothing(shop: Tenant) -> None:
    preview = run(shop, "2026-10", "--dry-run", "--json")
    with tenant_context(shop):
        for model in (Closing, Document, NumberCounter, Job):
            assert not model.objects.exists()
        assert not Mail.objects.filter(kind="document_issued").exists()
    assert preview == {**run(shop, "2026-10", "--json"), "dry_run": True}


@pytest.mark.parametrize("flags", [[], ["--dry-run"]])
def test_a_month_that_is_not_over_is_refused(shop: Tenant, flags: list[str]) -> None:
    with pytest.raises(CommandError, match="month_not_over"):
        run(shop, "2026-10", *flags, now="2026-10-31 23:59")
    with tenant_context(shop):
        assert not Closing.objects.exists()
        assert not Job.objects.exists()


def test_before_the_issue_day_it_only_closes(shop: Tenant) -> None:
    with at(shop, "2026-09-25 00:00"):
        set_policy(changes={"issue_day": "bd3"}, valid_from=date(2026, 9, 25))
    early = run(shop, "2026-10", "--json", now="2026-11-02 10:00")
    assert (early["state"], early["issue_on"], early["documents"]) == ("closed", "2026-11-05", 0)
    late = run(shop, "2026-10", "--json", now="2026-11-05 07:00")
    assert (late["state"], late["already_closed"], late["documents"]) == ("issued", False, 2)


def test_a_period_from_before_the_tenant_is_closed_when_asked_for(shop: Tenant) -> None:
    with at(shop, "2026-10-29 11:00"):
        charge(make_customer(), date(2026, 8, 20), 1_000)
    report = run(shop, "2026-08", "--json")
    assert (report["closes_on"], report["issue_on"], report["total"]) == ("2026-08-31", "2026-09-01", 1_100)
    with tenant_context(shop):
        assert not Job.objects.exists()


def test_bills_that_follow_terms_have_no_month_to_close() -> None:
    shop = make_shop(preset="hosting")
    with clock.frozen(moment("2026-11-09 10:00")), pytest.raises(Refusal) as refused:
        close_month(tenant=shop, month=Month(2026, 10))
    assert refused.value.code == Code.INVALID_DATE


def test_what_is_not_a_month_or_not_a_tenant_is_refused(shop: Tenant) -> None:
    with pytest.raises(CommandError, match="2026-13"):
        run(shop, "2026-13")
    with pytest.raises(CommandError, match="There is no tenant nobody"):
        call_command("close_month", "2026-10", "--tenant", "nobody")


def test_a_job_that_fails_stops_it(shop: Tenant) -> None:
    with tenant_context(shop):
        NumberCounter.objects.create(kind="invoice", year=2026, last=2**31 - 1)
    with pytest.raises(CommandError, match=r"invoices\.issue 2026-10-01 failed: DataError"):
        run(shop, "2026-10")
    with tenant_context(shop):
        assert not Document.objects.exists()
        NumberCounter.objects.update(last=0)
    assert run(shop, "2026-10", "--json")["documents"] == 2
