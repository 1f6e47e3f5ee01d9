"""The two jobs of the closing: at midnight the period closes, at seven its documents are issued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from accounts.selectors import policy_on
from billing_project.jobs.registry import DOCUMENTS_AND_MAILS, STATE_CHANGES, JobKind, register
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Closing, ClosingState
from invoices.rules import closing_plan
from invoices.services.closing import close_period, issue_closing, plan_of

CLOSE = "invoices.close"
ISSUE = "invoices.issue"


def register_jobs() -> None:
    register(JobKind(CLOSE, STATE_CHANGES, 60, close, lambda day: any(periods_to_close(day))))
    register(JobKind(ISSUE, DOCUMENTS_AND_MAILS, 10, issue, lambda day: any(closings_to_issue(day))))


def close(day: date) -> Mapping[str, Any]:
    closings = [close_period(closes_on=closes_on) for closes_on in periods_to_close(day)]
    return {"closed": [str(closing) for closing in closings]}


def issue(day: date) -> Mapping[str, Any]:
    closings = [issue_closing(closing=closing) for closing in closings_to_issue(day)]
    return {"documents": sum(c.document_count for c in closings), "total": sum(c.total for c in closings)}


def periods_to_close(day: date) -> Iterator[date]:
    """The closing days whose period is closed on this day; none that lies before the tenant's first day."""
    since = current_tenant().since
    for closes_on in (day - timedelta(days=1), day):
        if closes_on >= since:
            plan = closing_plan(policy_on(closes_on), closes_on)
            if plan is not None and plan.run_on == day:
                yield closes_on


def closings_to_issue(day: date) -> Iterator[Closing]:
    """The closings not yet issued that have an issue day on this day."""
    for closing in Closing.objects.filter(state=ClosingState.CLOSED).select_related("policy_version"):
        if any(run.issue_on == day for run in plan_of(closing).runs):
            yield closing
