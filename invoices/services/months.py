"""Closing a month by hand: what the jobs would do, missed days first. Opens its own transactions."""

from __future__ import annotations

import time as waiting
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant
from billing_project import clock
from billing_project.calendar import Month
from billing_project.errors import Code, Refusal
from billing_project.jobs.models import Job, JobState
from billing_project.jobs.registry import DOCUMENTS_AND_MAILS
from billing_project.jobs.services import next_due, run_next
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Closing, ClosingState
from invoices.selectors import ClosingFigures, closing_day_of, closing_figures
from invoices.services.closing import close_now, close_period, issue_closing, issue_now, left_out_of, plan_on
from invoices.services.previews import rolled_back

PATIENCE_SECONDS = 600
PAUSE_SECONDS = 0.2

Watch = Callable[[Job], None]


class JobFailedError(RuntimeError):
    """A job before the closing failed; the jobs page has it, and the workers try again."""


@dataclass(frozen=True, slots=True)
class MonthClosed:
    """`already_closed`: nothing was left to do. The figures' state `closed`: the issue day is to come."""

    already_closed: bool
    figures: ClosingFigures


def close_month(
    *, tenant: Tenant, month: Month, dry_run: bool = False, watch: Watch = lambda _job: None
) -> MonthClosed:
    """Closes the period that ends in this month and issues its documents, as far as their days have come.

    Runs all jobs of the tenant up to the issue, so that missed days are caught up in order; `watch` hears of
    each. A period from before the tenant's first day is closed too. A dry run issues all its documents and
    undoes everything. Raises Refusal `month_not_over`, `invalid_date` when bills do not follow a closing;
    JobFailedError.
    """
    with tenant_context(tenant):
        closes_on = month_to_close(month)
        if (found := _issued(closes_on)) is not None:
            return MonthClosed(True, closing_figures(found))
        last_issue = plan_on(closes_on).runs[-1].issue_on
    until = min(clock.now(), datetime.combine(last_issue, DOCUMENTS_AND_MAILS, tzinfo=tenant.zone))
    if dry_run:
        with tenant_context(tenant):
            return MonthClosed(False, rolled_back(lambda: _try(tenant, closes_on, until, watch)))
    _run_jobs(tenant, until, watch)
    with tenant_context(tenant):
        return MonthClosed(False, closing_figures(issue_closing(closing=close_period(closes_on=closes_on))))


def month_to_close(month: Month) -> date:
    """The closing day of a month that is over. Raises Refusal `month_not_over`, `invalid_date`."""
    closes_on = day_of_closing(month)
    if clock.today(current_tenant().zone) < plan_on(closes_on).run_on:
        raise Refusal(Code.MONTH_NOT_OVER)
    return closes_on


def day_of_closing(month: Month) -> date:
    """The closing day of the month. Raises Refusal `invalid_date` where bills do not follow a closing."""
    closes_on = closing_day_of(month)
    if closes_on is None:
        raise Refusal(
            Code.INVALID_DATE, _("This tenant has no closing day: its bills follow the terms of contracts.")
        )
    return closes_on


def _issued(closes_on: date) -> Closing | None:
    """The closing of that day when nothing is left to do."""
    found: Closing | None = Closing.objects.filter(closes_on=closes_on, state=ClosingState.ISSUED).first()
    return found if found is not None and not left_out_of(found).exists() else None


def _try(tenant: Tenant, closes_on: date, until: datetime, watch: Watch) -> ClosingFigures:
    _run_jobs(tenant, until, watch)
    return closing_figures(issue_now(close_now(closes_on)))


def _run_jobs(tenant: Tenant, until: datetime, watch: Watch) -> None:
    """Runs what is due, or waits for the worker that has the turn."""
    give_up = waiting.monotonic() + PATIENCE_SECONDS
    while True:
        with tenant_context(tenant):
            job = run_next(until)
            due = job is None and next_due(until) is not None
        if job is not None:
            _judge(job)
            watch(job)
        elif not due:
            return
        elif waiting.monotonic() > give_up:
            raise JobFailedError("Another worker has been running this tenant's jobs for ten minutes.")
        else:
            waiting.sleep(PAUSE_SECONDS)


def _judge(job: Job) -> None:
    if job.state == JobState.FAILED:
        raise JobFailedError(f"The job {job} failed: {job.error}")
