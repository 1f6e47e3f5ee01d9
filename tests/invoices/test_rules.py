"""The periods that the presets close (policy.md)."""

from datetime import date

import pytest

from accounts.policy import PRESETS, change_policy
from accounts.policy.choices import PaymentMethod
from billing_project.calendar import Month
from invoices.rules import closing_day_in, closing_plan

OCTOBER_31 = date(2026, 10, 31)


def test_the_certificate_shop_bills_later_payers_on_the_first() -> None:
    plan = closing_plan(PRESETS["certificate-shop"], OCTOBER_31)
    assert plan is not None
    [run] = plan.runs
    assert (plan.run_on, run.issue_on) == (date(2026, 11, 1), date(2026, 11, 1))
    assert run.due_on == {"later_transfer": date(2026, 11, 30)}


def test_contracts_are_due_at_the_end_of_the_month_after_the_bill() -> None:
    plan = closing_plan(PRESETS["managed-pki"], OCTOBER_31)
    assert plan is not None
    # 31 December is no bank business day, nor are the days to 3 January 2027, a Sunday.
    assert plan.runs[0].due_on[PaymentMethod.LATER_TRANSFER] == date(2027, 1, 4)


def test_electricity_closes_and_issues_on_the_fifteenth() -> None:
    plan = closing_plan(PRESETS["electricity"], date(2026, 11, 15))
    assert plan is not None
    [run] = plan.runs
    assert (plan.run_on, run.issue_on) == (date(2026, 11, 15), date(2026, 11, 15))
    assert run.due_on[PaymentMethod.PAYMENT_LINK] == date(2026, 11, 20)
    assert run.due_on[PaymentMethod.TRANSFER] == date(2026, 11, 30)


@pytest.mark.parametrize("preset", ["hosting", "software-store"])
def test_who_bills_by_term_or_at_delivery_closes_nothing(preset: str) -> None:
    assert closing_plan(PRESETS[preset], OCTOBER_31) is None


def test_a_day_that_is_not_the_closing_day_closes_nothing() -> None:
    assert closing_plan(PRESETS["certificate-shop"], date(2026, 10, 30)) is None


def test_runs_are_in_the_order_of_their_issue_days() -> None:
    changes = {"qualified_document": "invoice", "issue_day": "5; card 2", "due_day": "last+"}
    plan = closing_plan(change_policy(PRESETS["certificate-shop"], changes), OCTOBER_31)
    assert plan is not None
    assert [run.issue_on.day for run in plan.runs] == [2, 5]
    assert plan.issue_on == date(2026, 11, 2)


def test_the_closing_day_of_a_month() -> None:
    shop = PRESETS["certificate-shop"]
    assert closing_day_in(shop, Month(2027, 2)) == date(2027, 2, 28)
    assert closing_day_in(PRESETS["electricity"], Month(2027, 2)) == date(2027, 2, 15)
    assert closing_day_in(PRESETS["hosting"], Month(2027, 2)) is None
