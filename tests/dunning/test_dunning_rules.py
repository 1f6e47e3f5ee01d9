"""Which steps are due on which day; days that a halt leaves out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.policy.choices import Step, TaxCategory
from accounts.policy.values import DunningStep
from billing_project.errors import Code
from invoices.tax import TaxSum
from payments.rules import dunning as rules
from payments.rules.bad_debt import less, part_of
from payments.rules.dunning import Halt, Overdue, Planned
from tests.acts import refused

DUE = date(2026, 11, 30)
STEPS = (
    DunningStep(3, Step.REMINDER),
    DunningStep(10, Step.NO_NEW_ORDERS),
    DunningStep(20, Step.LATER_PAYMENT_WITHDRAWN),
    DunningStep(30, Step.REVOKED),
)


def item(due: date = DUE, *halts: Halt, document: int = 1, amount: int = 33_000) -> Overdue:
    return Overdue(document, due, amount, STEPS, halts)


def december(day: int) -> date:
    return date(2026, 12, day)


@pytest.mark.parametrize(
    ("day", "steps"),
    [
        (december(2), []),
        (december(3), [Step.REMINDER]),
        (december(9), [Step.REMINDER]),
        (december(10), [Step.REMINDER, Step.NO_NEW_ORDERS]),
        (december(20), [Step.REMINDER, Step.NO_NEW_ORDERS, Step.LATER_PAYMENT_WITHDRAWN]),
        (december(30), [each.step for each in STEPS]),
    ],
)
def test_each_step_comes_on_its_day(day: date, steps: list[Step]) -> None:
    assert [each.step for each in rules.due_steps([item()], day, [])] == steps


def test_a_late_run_dates_each_step_by_its_day() -> None:
    found = rules.due_steps([item()], december(15), [])
    assert found == [
        Planned(Step.REMINDER, december(3), 1),
        Planned(Step.NO_NEW_ORDERS, december(10), 1),
    ]


def test_a_step_that_was_taken_is_not_taken_again() -> None:
    assert rules.due_steps([item()], december(12), ["reminder", "no_new_orders"]) == []


def test_steps_count_from_the_oldest_document() -> None:
    younger = item(december(8), document=2)
    assert [each.document_id for each in rules.due_steps([younger, item()], december(10), [])] == [1, 1]
    # With the older one paid, two days have counted: what is taken stays, what comes next waits.
    assert rules.due_steps([younger], december(10), ["reminder", "no_new_orders"]) == []
    coming = rules.next_step([younger], december(10), ["reminder", "no_new_orders"])
    assert coming == Planned(Step.LATER_PAYMENT_WITHDRAWN, december(28), 2)


@pytest.mark.parametrize(
    ("halts", "counted"),
    [
        ([], 15),
        ([Halt(december(5), december(10))], 10),  # the 5th to the 9th do not count
        ([Halt(date(2026, 11, 20), december(3))], 13),  # only the 1st and 2nd lie after the due date
        ([Halt(december(5), december(5))], 15),  # resumed on the same day
        ([Halt(december(5), december(7)), Halt(december(10), december(12))], 11),
        ([Halt(december(10), None)], 9),
    ],
)
def test_days_of_a_halt_do_not_count(halts: list[Halt], counted: int) -> None:
    assert rules.days_overdue(item(DUE, *halts), december(15)) == counted


@given(
    days=st.integers(1, 60),
    spans=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=4),
)
def test_the_day_of_a_step_is_the_first_with_so_many_days(days: int, spans: list[tuple[int, int]]) -> None:
    halts, since = [], DUE - timedelta(days=10)
    for gap, length in spans:
        since += timedelta(days=gap)
        halts.append(Halt(since, since + timedelta(days=length)))
        since += timedelta(days=length)
    overdue = item(DUE, *halts)
    day = rules.day_of(overdue, days)
    assert rules.days_overdue(overdue, day) == days
    assert rules.days_overdue(overdue, day - timedelta(days=1)) == days - 1


def test_payment_does_not_undo_revocation() -> None:
    assert rules.lifted_by_payment(["no_new_orders", "revoked", "terminated"]) == ["no_new_orders"]


@pytest.mark.parametrize("step", [Step.NO_NEW_ORDERS, Step.SUSPENDED])
def test_steps_that_block_orders(step: Step) -> None:
    with refused(Code.CUSTOMER_BLOCKED):
        rules.check_may_order([step])


def test_steps_that_do_not_block_orders() -> None:
    rules.check_may_order([Step.LATER_PAYMENT_WITHDRAWN, Step.REVOKED])
    with refused(Code.LATER_PAYMENT_NOT_ALLOWED):
        rules.check_may_pay_later([Step.LATER_PAYMENT_WITHDRAWN])


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\0b"])
def test_a_reason_is_needed(reason: str) -> None:
    with refused(Code.INVALID_INPUT):
        rules.check_reason(reason)


STANDARD = TaxSum(TaxCategory.STANDARD, 10, 30_000, 3_000)
REDUCED = TaxSum(TaxCategory.REDUCED, 8, 1_000, 80)


def test_the_whole_gives_exactly_the_sums() -> None:
    assert part_of([STANDARD, REDUCED], 34_080) == [STANDARD, REDUCED]


def test_a_part_divides_in_proportion() -> None:
    # Half of 34,080: 16,500 of the standard rate (1,500 tax), 540 of the reduced one (40 tax).
    assert part_of([STANDARD, REDUCED], 17_040) == [
        TaxSum(TaxCategory.STANDARD, 10, 15_000, 1_500),
        TaxSum(TaxCategory.REDUCED, 8, 500, 40),
    ]


@given(amount=st.integers(1, 34_079), again=st.integers(1, 34_079))
def test_parts_add_up(amount: int, again: int) -> None:
    first = part_of([STANDARD, REDUCED], amount)
    assert sum(each.gross for each in first) == amount
    left = less([STANDARD, REDUCED], first)
    second = part_of(left, min(again, 34_080 - amount))
    rest = less(left, second)
    assert sum(each.gross for each in [*first, *second, *rest]) == 34_080
    assert sum(each.tax for each in [*first, *second, *rest]) == 3_080


@pytest.mark.parametrize("amount", [0, -1, 34_081])
def test_more_than_there_is_cannot_be_taken(amount: int) -> None:
    with pytest.raises(ValueError):
        part_of([STANDARD, REDUCED], amount)
