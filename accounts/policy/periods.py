"""The calendar of a policy: when a month closes, when its bills are issued and due, when money is paid out.

Days are pure dates in the tenant's zone; the caller says which policy holds (X10) and which day it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from accounts.policy.choices import PaymentMethod
from accounts.policy.values import PerMethod
from billing_project.calendar import DayRule, Month

if TYPE_CHECKING:
    from accounts.policy.model import BillingPolicy

_DAY = timedelta(days=1)
_CHECKED_MONTHS = [Month(2020, 1).plus(index) for index in range(12 * 12)]
"""Twelve years hold every date on every day of the week."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of one billing month for one method; `opens` and `closes` are None without a closing."""

    month: Month
    method: PaymentMethod
    opens: date | None
    closes: date | None
    issues: date
    due: date


def methods_billed(policy: "BillingPolicy") -> list[PaymentMethod]:
    """The methods offered, and those that have days of their own (a card behind a payment link: E3)."""
    special = [method for days in (policy.issue_day, policy.due_day) for method, _rule in days.special]
    return list(dict.fromkeys([*policy.payment_methods, *special]))


def closing_schedule(policy: "BillingPolicy", month: Month) -> list[Schedule]:
    """The days of a billing month for every method billed."""
    return [schedule(policy, month, method) for method in methods_billed(policy)]


def schedule(policy: "BillingPolicy", month: Month, method: PaymentMethod) -> Schedule:
    """The days of a billing month: bills cover what arose from `opens` to `closes`, both included."""
    closing = closing_rule(policy, method)
    return Schedule(
        month=month,
        method=method,
        opens=closing.resolve(month.plus(-1)) + _DAY if closing else None,
        closes=closing.resolve(month) if closing else None,
        issues=policy.issue_day_for(method).resolve(month),
        due=policy.due_day_for(method).resolve(month),
    )


def billing_month(policy: "BillingPolicy", method: PaymentMethod, arises: date) -> Month:
    """The month whose bill takes a charge that arises on this day.

    It is the first month that closes on or after the day (A10) or, without a closing, is issued then (H9).
    """
    rule = closing_rule(policy, method) or policy.issue_day_for(method)
    month = Month.of(arises).plus(-rule.offset - 1)
    while rule.resolve(month) < arises:
        month = month.plus(1)
    return month


def closing_rule(policy: "BillingPolicy", method: PaymentMethod) -> DayRule | None:
    """The closing day as seen from the billing month, or None for bills that follow terms.

    `closes` names a day of the billing month itself unless that would come after the issue day; then it is a
    day of the month before: `last` with issue day `1` closes October for the bills of November.
    """
    closes = policy.closes
    if closes is None or not first_month_out_of_order(closes, policy.issue_day_for(method)):
        return closes
    return closes.shifted(-1)


@lru_cache(maxsize=1024)
def first_month_out_of_order(earlier: DayRule, later: DayRule) -> Month | None:
    """The first month (of 2020 to 2031) in which the later rule's day comes first, or None."""
    wrong = (month for month in _CHECKED_MONTHS if later.resolve(month) < earlier.resolve(month))
    return next(wrong, None)


def payout_day(policy: "BillingPolicy", asked: date) -> date:
    """The day on which a pay-out asked for on this day is made (A15)."""
    month = Month.of(asked)
    in_time = asked <= policy.payout_cutoff.resolve(month)
    return policy.payout_day.resolve(month if in_time else month.plus(1))


def explain(rule: DayRule, today: date) -> list[date]:
    """The next three days a rule gives, today included: what the admin shows beside the rule."""
    return rule.next_dates(today - _DAY, count=3)


def rules_of(policy: "BillingPolicy") -> Iterator[tuple[str, DayRule]]:
    """Every day rule of the policy with the name of its field; those of one method as `issue_day.card`."""
    for name in type(policy).model_fields:
        value = getattr(policy, name)
        if isinstance(value, PerMethod):
            rules = [
                (name, value.default),
                *((f"{name}.{method.value}", rule) for method, rule in value.special),
            ]
            yield from ((label, rule) for label, rule in rules if isinstance(rule, DayRule))
        elif isinstance(value, DayRule):
            yield name, value
