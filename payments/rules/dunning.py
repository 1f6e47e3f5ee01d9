"""Dunning (A12, H8): which steps are due, what they block. Pure; days are the tenant's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import Step
from accounts.policy.values import DunningStep
from billing_project.errors import Code, Refusal

LASTING = frozenset({Step.TERMINATED, Step.REVOKED})
"""What payment does not undo (H8)."""

BLOCKS_ORDERS = frozenset({Step.NO_NEW_ORDERS, Step.SUSPENDED})
MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class Halt:
    """Days on which a document was not asked for; `until` is the first that counts again, None: none yet."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """A document not paid by its due date: its open sum in yen, and the steps of its policy (X10)."""

    document_id: int
    due_on: date
    amount: int
    steps: Sequence[DunningStep] = ()
    halts: Sequence[Halt] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A step, the day it belongs to, and the document that it counts from."""

    step: Step
    on: date
    document_id: int


def days_overdue(item: Overdue, day: date) -> int:
    """Days after the due date up to `day`, both ends of a halt as `Halt` says left out."""
    counted = (day - item.due_on).days - sum(_halted(item, halt, day) for halt in item.halts)
    return max(counted, 0)


def day_of(item: Overdue, days: int) -> date:
    """The day on which that many days have counted."""
    day = item.due_on + timedelta(days=days)
    while (missing := days - days_overdue(item, day)) > 0:
        day += timedelta(days=missing)
    return day


def oldest(items: Collection[Overdue], day: date) -> Overdue | None:
    """The document that steps count from: the one with most days."""
    return max(items, key=lambda item: (days_overdue(item, day), -item.document_id), default=None)


def due_steps(items: Collection[Overdue], day: date, taken: Collection[str]) -> list[Planned]:
    """The steps to be taken by `day`, each with its own day, without those that were taken already."""
    first = oldest(items, day)
    return [each for each in _plan(first, taken) if each.on <= day] if first else []


def next_step(items: Collection[Overdue], day: date, taken: Collection[str]) -> Planned | None:
    """The step that comes next when nothing is paid."""
    first = oldest(items, day)
    return next(iter(_plan(first, taken)), None) if first else None


def lifted_by_payment(steps: Collection[str]) -> list[str]:
    """Of the steps in force those that end when nothing is overdue any more."""
    return [step for step in steps if step not in LASTING]


def check_may_order(steps: Collection[str]) -> None:
    """Raises Refusal `customer_blocked` when a step in force forbids new orders."""
    if BLOCKS_ORDERS & set(steps):
        raise Refusal(Code.CUSTOMER_BLOCKED)


def check_may_pay_later(steps: Collection[str]) -> None:
    """Raises Refusal `later_payment_not_allowed` while payment after closing is withdrawn."""
    if Step.LATER_PAYMENT_WITHDRAWN in steps:
        raise Refusal(
            Code.LATER_PAYMENT_NOT_ALLOWED,
            _(
                "Payment after closing is withdrawn while documents are overdue."
                " Please pay them, or choose another payment method."
            ),
        )


def check_reason(reason: str) -> str:
    """The reason without blanks around it. Raises Refusal `invalid_input` for none, or one too long."""
    text = reason.strip()
    if not text or len(text) > MAX_REASON or "\0" in text:
        raise Refusal(Code.INVALID_INPUT, _("Enter a reason of up to %(most)s characters."), most=MAX_REASON)
    return text


def _plan(item: Overdue, taken: Collection[str]) -> list[Planned]:
    return [
        Planned(each.step, day_of(item, each.days), item.document_id)
        for each in item.steps
        if each.step not in taken
    ]


def _halted(item: Overdue, halt: Halt, day: date) -> int:
    first = max(halt.since, item.due_on + timedelta(days=1))
    last = min(halt.until - timedelta(days=1), day) if halt.until else day
    return max((last - first).days + 1, 0)
