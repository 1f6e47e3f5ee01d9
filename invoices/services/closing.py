"""Closing a period and issuing its documents (A10, X3): each once, whoever asks and how often."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.selectors import policy_of, policy_on, policy_version_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Closing, ClosingState
from invoices.rules import ClosingPlan, IssueRun, closing_plan
from invoices.services.gate import next_moment, shut_gate
from invoices.services.issuing import Issued, Terms, issue_documents_of_closing


@transaction.atomic
def close_period(*, closes_on: date) -> Closing:
    """Closes the period that ends on this day, once: asked again it gives the closing that is there.

    Charges recorded later go into the next period (X4). Raises Refusal `invalid_date` for a day on which no
    period ends, `month_not_over` for a period that is not over.
    """
    if _today() < plan_on(closes_on).run_on:
        raise Refusal(Code.MONTH_NOT_OVER)
    return close_now(closes_on)


@transaction.atomic
def issue_closing(*, closing: Closing) -> Closing:
    """Issues the documents of a closing whose issue days have come, dated as scheduled (X3).

    Payment methods may have issue days of their own: the closing is issued when the last has come. Asked
    again it changes nothing. Dates, rounding and the deposit rule are those of the closing's policy (X10).
    """
    return issue_now(closing, until=_today())


def plan_on(closes_on: date) -> ClosingPlan:
    """The period that ends on this day. Raises Refusal `invalid_date` when none does."""
    plan = closing_plan(policy_on(closes_on), closes_on)
    if plan is None:
        message = _("No period ends on %(day)s. Choose a closing day.")
        raise Refusal(Code.INVALID_DATE, message, day=closes_on.isoformat())
    return plan


def close_now(closes_on: date) -> Closing:
    """As `close_period`, whatever day it is; for previews."""
    shut_gate()
    existing: Closing | None = Closing.objects.filter(closes_on=closes_on).first()
    if existing is not None:
        return existing
    previous = Closing.objects.filter(closes_on__lt=closes_on).order_by("-closes_on").first()
    closing: Closing = Closing.objects.create(
        closes_on=closes_on,
        issue_on=plan_on(closes_on).issue_on,
        after_on=previous and previous.closes_on,
        after_at=previous and previous.closed_at,
        closed_at=next_moment(),
        policy_version=policy_version_on(closes_on),
    )
    record("period_closed", closing, issue_on=str(closing.issue_on))
    return closing


def issue_now(closing: Closing, until: date = date.max) -> Closing:
    """As `issue_closing`, for issue days up to `until`; without it, all of them: for previews."""
    shut_gate()
    locked: Closing = Closing.objects.select_related("policy_version").get(pk=closing.pk)
    if locked.state == ClosingState.ISSUED:
        return locked
    runs = plan_of(locked).runs
    due = [run for run in runs if run.issue_on <= until]
    if not due:
        return locked
    for run in due:
        _add(locked, issue_documents_of_closing(closing=locked, terms=_terms(locked, run)))
    if len(due) == len(runs):
        locked.state, locked.issued_at = ClosingState.ISSUED, clock.now()
    locked.save(update_fields=["state", "issued_at", "document_count", "line_count", "total"])
    record("documents_issued", locked, documents=locked.document_count, total=locked.total)
    return locked


def plan_of(closing: Closing) -> ClosingPlan:
    """The days of a closing that is there, by the policy under which it was closed."""
    plan = closing_plan(policy_of(closing.policy_version), closing.closes_on)
    assert plan is not None, f"The policy of closing {closing} knows no such closing day."
    return plan


def _terms(closing: Closing, run: IssueRun) -> Terms:
    policy = policy_of(closing.policy_version)
    return Terms(
        issued_on=run.issue_on,
        rounding=policy.tax_rounding,
        apply_deposit=policy.apply_deposit,
        due_on=run.due_on,
        booked_from=closing.closes_on,
    )


def _add(closing: Closing, issued: Issued) -> None:
    closing.document_count += issued.documents
    closing.line_count += issued.lines
    closing.total += issued.total


def _today() -> date:
    return clock.today(current_tenant().zone)
