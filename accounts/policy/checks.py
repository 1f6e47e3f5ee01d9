"""What the fields of a policy must have to do with each other.

Only what is in use is checked: the days of a method that is not offered, or the grace days of a policy
without overage, may say anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.policy.choices import Overage, PaymentMethod, Renewal
from accounts.policy.periods import first_month_out_of_order, methods_billed
from billing_project.errors import Text

if TYPE_CHECKING:
    from accounts.policy.model import BillingPolicy

_TRANSFERS = {PaymentMethod.TRANSFER, PaymentMethod.TRANSFER_OR_KONBINI}


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that is wrong, and a sentence that says what to do."""

    field: str
    message: Text


class InvalidPolicy(ValueError):  # noqa: N818
    """The fields are readable one by one but contradict each other."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in problems))
        self.problems = problems


def find_problems(policy: "BillingPolicy") -> list[Problem]:
    """Every contradiction in the policy, in the order of its fields."""
    return [problem for check in _CHECKS for problem in check(policy)]


def _methods(policy: "BillingPolicy") -> Iterator[Problem]:
    if len(set(policy.payment_methods)) != len(policy.payment_methods):
        yield Problem("payment_methods", _("A method is named twice. Name each method once."))
    if policy.first_method not in policy.payment_methods:
        yield Problem("first_method", _("Choose one of the payment methods offered."))


def _closing(policy: "BillingPolicy") -> Iterator[Problem]:
    if policy.closes is None:
        if PaymentMethod.LATER_TRANSFER in policy.payment_methods:
            yield Problem("closes", _("Payment after closing needs a closing day, for example last."))
    elif policy.closes.roll or policy.closes.offset > 0:
        yield Problem("closes", _("A closing day is not moved and not in a later month. Leave out + and @."))


def _issue_in_its_month(policy: "BillingPolicy") -> Iterator[Problem]:
    if any(policy.issue_day_for(method).offset for method in methods_billed(policy)):
        yield Problem("issue_day", _("The billing month is the month of the issue day. Leave out @."))


def _due_after_issue(policy: "BillingPolicy") -> Iterator[Problem]:
    for method in methods_billed(policy):
        issue, due = policy.issue_day_for(method), policy.due_day_for(method)
        if month := first_month_out_of_order(issue, due):
            yield Problem(
                "due_day",
                format_lazy(
                    _("{method}: in {month} bills would be due before they are issued. Choose a later day."),
                    method=method.label,
                    month=month,
                ),
            )


def _cancel_reminder(policy: "BillingPolicy") -> Iterator[Problem]:
    window, reminder = policy.cancel_window_days, policy.cancel_reminder_days
    if window and reminder and reminder > window:
        yield Problem(
            "cancel_reminder_days", _("The reminder must fall inside the cancel window. Enter fewer days.")
        )


def _payout(policy: "BillingPolicy") -> Iterator[Problem]:
    if first_month_out_of_order(policy.payout_cutoff, policy.payout_day):
        yield Problem(
            "payout_day", _("The pay-out day must not come before the cut-off day. Choose a later day.")
        )


def _screening(policy: "BillingPolicy") -> Iterator[Problem]:
    for field in ("screening_business_days", "first_sign_in_hours"):
        if policy.membership_screening and getattr(policy, field) is None:
            yield Problem(
                field, _("Screening of members needs this number. Enter it, or turn screening off.")
            )


def _dunning(policy: "BillingPolicy") -> Iterator[Problem]:
    if any(later.days <= earlier.days for earlier, later in pairwise(policy.dunning)):
        yield Problem(
            "dunning", _("Each step must come on a later day than the one before. Put them in order.")
        )
    if any(step.days < 1 for step in policy.dunning):
        yield Problem("dunning", _("The first step comes one day after the due date at the earliest."))
    if len({step.step for step in policy.dunning}) != len(policy.dunning):
        yield Problem("dunning", _("A step is named twice. Name each step once."))


def _links(policy: "BillingPolicy") -> Iterator[Problem]:
    link = PaymentMethod.PAYMENT_LINK
    if link not in policy.payment_methods:
        return
    if policy.link_expires is None:
        yield Problem("link_expires", _("Payment links need a day on which they expire, for example 20."))
    elif first_month_out_of_order(policy.issue_day_for(link), policy.link_expires):
        yield Problem("link_expires", _("Links must not expire before bills are issued. Choose a later day."))
    if policy.link_again is None:
        yield Problem("link_again", _("Choose with_bill, or a day on which a new link is sent."))


def _fallbacks(policy: "BillingPolicy") -> Iterator[Problem]:
    offered = set(policy.payment_methods)
    if PaymentMethod.DIRECT_DEBIT in offered and policy.failed_debit not in offered - {
        PaymentMethod.DIRECT_DEBIT
    }:
        yield Problem(
            "failed_debit", _("Choose another method offered, by which a failed debit can be paid.")
        )
    if policy.card_refusals_before_transfer and not offered & _TRANSFERS:
        yield Problem(
            "card_refusals_before_transfer", _("No transfer is offered. Offer one, or leave this empty.")
        )


def _contracts(policy: "BillingPolicy") -> Iterator[Problem]:
    if policy.renewal_notice and policy.renewal != Renewal.AUTOMATIC:
        yield Problem("renewal_notice", _("Only automatic renewals are announced. Leave this empty."))
    if policy.overage == Overage.EXCESS_UNITS and policy.renewal_grace_days is None:
        yield Problem(
            "renewal_grace_days", _("Excess units are counted with grace days. Enter a number such as 90.")
        )
    for field in ("first_bill", "renew_at"):
        if policy.overage and getattr(policy, field) is None:
            yield Problem(field, _("Contracts with a quantity need this. Choose one."))
    if policy.minimum_term_months and policy.early_end_tax is None:
        yield Problem("early_end_tax", _("A minimum term needs the tax category of early ends. Choose one."))


_CHECKS: tuple[Callable[["BillingPolicy"], Iterator[Problem]], ...] = (
    _methods,
    _closing,
    _issue_in_its_month,
    _due_after_issue,
    _cancel_reminder,
    _payout,
    _screening,
    _dunning,
    _links,
    _fallbacks,
    _contracts,
)
