"""Closing a period and issuing its documents (A10, X3): each once, whoever asks and how often.

One customer's faulty data does not hold back everybody's bills: that customer is left out, and billed when
the same closing is issued again after the fault is mended, with the same dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.selectors import policy_of, policy_on, policy_version_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Closing, ClosingState, LeftOut
from invoices.rules import ClosingPlan, IssueRun, closing_plan
from invoices.services.gate import next_moment, shut_gate
from invoices.services.issuing import Issued, Terms, issue_documents_of_closing

log = structlog.get_logger(__name__)


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
    again it bills those it left out, as far as nothing of theirs is wrong any more, and else changes nothing.
    Raises Refusal `not_conforming` for what concerns all documents. Dates, rounding and the deposit rule are
    those of the closing's policy (X10).
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


def issue_now(closing: Closing, until: date = date.max, *, only: Sequence[int] | None = None) -> Closing:
    """As `issue_closing`, for issue days up to `until`; without it, all of them: for previews.

    `only`: a preview for the customers of these ids alone, which must be rolled back.
    """
    shut_gate()
    locked: Closing = Closing.objects.select_related("policy_version").get(pk=closing.pk)
    again = locked.state == ClosingState.ISSUED
    customers = [each.customer_id for each in left_out_of(locked)] if again else only
    runs = plan_of(locked).runs
    due = [run for run in runs if run.issue_on <= until]
    if not due or customers == []:
        return locked
    left_out = _issue_runs(locked, due, customers)
    if len(due) == len(runs) and not again:
        locked.state, locked.issued_at = ClosingState.ISSUED, clock.now()
    locked.save(update_fields=["state", "issued_at", "document_count", "line_count", "total"])
    record("documents_issued", locked, documents=locked.document_count, total=locked.total)
    _note_left_out(locked, left_out)
    return locked


def left_out_of(closing: Closing) -> QuerySet[LeftOut]:
    """The customers whom the closing has not billed, for their documents would lack something."""
    found: QuerySet[LeftOut] = LeftOut.objects.filter(closing=closing, settled_at=None)
    return found.select_related("customer").order_by("customer_id")


def plan_of(closing: Closing) -> ClosingPlan:
    """The days of a closing that is there, by the policy under which it was closed."""
    plan = closing_plan(policy_of(closing.policy_version), closing.closes_on)
    assert plan is not None, f"The policy of closing {closing} knows no such closing day."
    return plan


def _issue_runs(
    closing: Closing, runs: Sequence[IssueRun], customers: Sequence[int] | None
) -> dict[int, list[str]]:
    """Who was left out in any of the runs, and what is missing there."""
    left_out: dict[int, list[str]] = {}
    for run in runs:
        issued = issue_documents_of_closing(closing=closing, terms=_terms(closing, run), customers=customers)
        _add(closing, issued)
        for customer_id, missing in issued.left_out.items():
            left_out[customer_id] = sorted({*left_out.get(customer_id, []), *missing})
    return left_out


def _note_left_out(closing: Closing, left_out: Mapping[int, list[str]]) -> None:
    """Every run that is due was tried: whoever is not among them has been billed, or has nothing to bill."""
    left_out_of(closing).exclude(customer__in=left_out).update(settled_at=clock.now())
    for customer_id, missing in left_out.items():
        found = {"missing": missing, "found_at": clock.now(), "settled_at": None}
        LeftOut.objects.update_or_create(closing=closing, customer_id=customer_id, defaults=found)
    if left_out:
        codes = [each.customer.code for each in left_out_of(closing)]
        record("customers_left_out", closing, customers=codes)
        log.warning("customers_left_out", closing=str(closing), customers=codes)


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
