"""When a period closes, when its documents are issued and due. Pure: policy and days come in as arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod, QualifiedDocument
from accounts.policy.periods import closing_rule, schedule
from billing_project.calendar import Month
from billing_project.errors import Code, Refusal
from invoices.models import DocumentKind

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class IssueRun:
    """What one issue day of a closing issues: the methods billed on it, and when their documents are due."""

    issue_on: date
    due_on: Mapping[PaymentMethod, date]


@dataclass(frozen=True, slots=True)
class ClosingPlan:
    """The days of one period. `runs` are in order of their issue days; there is at least one."""

    closes_on: date
    runs: tuple[IssueRun, ...]

    @property
    def issue_on(self) -> date:
        return self.runs[0].issue_on

    @property
    def run_on(self) -> date:
        """The day at whose first moment the period is closed.

        It is the day after its last day; where bills are issued on the closing day itself (E1), that day.
        """
        return min(self.closes_on + _DAY, self.issue_on)


def closing_plan(policy: BillingPolicy, closes_on: date) -> ClosingPlan | None:
    """The period that ends on this day under this policy, or None when none does.

    Billed by closing are methods whose qualified document is an invoice; others are billed at delivery (A6).
    """
    days: dict[date, dict[PaymentMethod, date]] = {}
    for method in _methods_billed_by_closing(policy):
        if (month := _billing_month(policy, method, closes_on)) is not None:
            plan = schedule(policy, month, method)
            days.setdefault(plan.issues, {})[method] = plan.due
    runs = tuple(IssueRun(day, due) for day, due in sorted(days.items()))
    return ClosingPlan(closes_on, runs) if runs else None


def closing_day_in(policy: BillingPolicy, month: Month) -> date | None:
    """The closing day that lies in this month, or None for a tenant whose bills follow terms."""
    return policy.closes.resolve(month.plus(-policy.closes.offset)) if policy.closes else None


def _methods_billed_by_closing(policy: BillingPolicy) -> list[PaymentMethod]:
    """Also those no longer offered: what was sold by them is still to be billed."""
    return [
        method
        for method in PaymentMethod
        if policy.qualified_document.get(method) == QualifiedDocument.INVOICE
    ]


def _billing_month(policy: BillingPolicy, method: PaymentMethod, closes_on: date) -> Month | None:
    rule = closing_rule(policy, method)
    if rule is None:
        return None
    month = Month.of(closes_on).plus(-rule.offset)
    return month if rule.resolve(month) == closes_on else None


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a sum that a document gets, in yen."""

    document_id: int
    amount: int


def share_out(amount: int, bills: Iterable[tuple[int, int]]) -> tuple[tuple[Share, ...], int]:
    """Pays (document, open sum) in the order given, each in full before the next, and says what is left."""
    shares = []
    for document_id, open_amount in bills:
        part = min(amount, open_amount)
        if part > 0:
            shares.append(Share(document_id, part))
            amount -= part
    return tuple(shares), amount


RETENTION_YEARS = 10
_PERIOD_MONTHS = 12
_FILING_MONTHS = 2


def kept_until(issued_on: date) -> date:
    """The last day on which a document must be there: ten years from two months after its tax period ends.

    The law asks for seven. When a tenant's tax period ends is not known here, so it is taken to be the
    longest that can hold the day: it ends a year later at the latest.
    """
    months = _PERIOD_MONTHS + _FILING_MONTHS + 12 * RETENTION_YEARS
    return Month.of(issued_on).plus(months).last_day


def check_on_paper(kind: str) -> None:
    """Raises Refusal `not_on_paper` for a return invoice: it goes by mail alone (A18), as do quotes."""
    if kind == DocumentKind.RETURN_INVOICE:
        raise Refusal(Code.NOT_ON_PAPER)
