"""The pure rules, with values worked out from the text of the rules."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.policy import PRESETS, change_policy
from accounts.policy.choices import PaymentMethod, TaxCategory
from billing_project.errors import Code
from orders import rules
from orders.models import LineState, OrderState
from orders.rules import OrderedLine
from tests.acts import refused

SHOP, STORE, PKI = PRESETS["certificate-shop"], PRESETS["software-store"], PRESETS["managed-pki"]


def test_thirty_days_including_the_day_of_order() -> None:
    assert rules.last_delivery_day(date(2026, 11, 1), SHOP) == date(2026, 11, 30)
    assert rules.last_delivery_day(date(2028, 2, 1), SHOP) == date(2028, 3, 1)
    assert rules.last_delivery_day(date(2026, 11, 1), STORE) is None


@pytest.mark.parametrize(
    ("last", "today", "expired"),
    [
        (date(2026, 11, 30), date(2026, 11, 30), False),
        (date(2026, 11, 30), date(2026, 12, 1), True),
        (None, date(2099, 1, 1), False),
    ],
)
def test_expired_once_the_last_day_is_over(last: date | None, today: date, expired: bool) -> None:
    assert rules.has_expired(last, today) is expired


def test_warned_7_days_and_1_day_before_the_cancelling_day() -> None:
    last = date(2026, 11, 30)
    assert rules.warned_deadlines(date(2026, 11, 24), SHOP)[last] == 7
    assert rules.warned_deadlines(date(2026, 11, 30), SHOP)[last] == 1
    assert last not in rules.warned_deadlines(date(2026, 11, 25), SHOP)
    assert rules.warned_deadlines(date(2026, 11, 24), STORE) == {}


def test_the_cancel_window_is_seven_days_including_the_day_of_delivery() -> None:
    assert rules.last_cancel_day(date(2026, 11, 1), SHOP) == date(2026, 11, 7)
    assert rules.last_cancel_day(date(2026, 12, 28), SHOP) == date(2027, 1, 3)
    assert rules.last_cancel_day(date(2026, 11, 1), STORE) is None
    assert rules.last_cancel_day(date(2026, 11, 1), PKI) is None


@pytest.mark.parametrize("on", [date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 1)])
def test_delivery_may_be_entered_31_days_back(on: date) -> None:
    rules.check_delivery_day(on, ordered_on=date(2026, 10, 1), today=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("on", "ordered_on"),
    [
        (date(2026, 10, 30), date(2026, 10, 1)),  # 32 days back
        (date(2026, 12, 2), date(2026, 10, 1)),  # tomorrow
        (date(2026, 11, 19), date(2026, 11, 20)),  # before the order
    ],
)
def test_delivery_not_long_ago_not_tomorrow_not_before_the_order(on: date, ordered_on: date) -> None:
    with refused(Code.DELIVERY_DATE_NOT_ALLOWED):
        rules.check_delivery_day(on, ordered_on=ordered_on, today=date(2026, 12, 1))


OPEN, DELIVERED, CANCELLED, EXPIRED = LineState.values


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([OPEN, OPEN], OrderState.OPEN),
        ([OPEN, CANCELLED], OrderState.OPEN),
        ([OPEN, DELIVERED], OrderState.PARTLY_DELIVERED),
        ([DELIVERED, DELIVERED], OrderState.DELIVERED),
        ([DELIVERED, CANCELLED], OrderState.DELIVERED),
        ([DELIVERED, EXPIRED], OrderState.DELIVERED),
        ([CANCELLED, CANCELLED], OrderState.CANCELLED),
        ([CANCELLED, EXPIRED], OrderState.EXPIRED),
        ([EXPIRED], OrderState.EXPIRED),
    ],
)
def test_the_state_of_an_order_follows_from_its_lines(lines: list[str], state: OrderState) -> None:
    assert rules.order_state(lines) == state
    assert rules.order_state(lines[::-1]) == state


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (CANCELLED, Code.ALREADY_CANCELLED),
        (DELIVERED, Code.ALREADY_DELIVERED),
        (EXPIRED, Code.ORDER_EXPIRED),
    ],
)
def test_what_is_done_is_not_delivered(state: str, code: Code) -> None:
    with refused(code):
        rules.check_deliverable(state)


@pytest.mark.parametrize("state", [OPEN, OrderState.PARTLY_DELIVERED])
def test_what_is_open_is_delivered(state: str) -> None:
    rules.check_deliverable(state)


def test_a_method_is_offered_supported_and_to_be_paid_later_only_when_allowed() -> None:
    rules.check_method(PaymentMethod.LATER_TRANSFER, SHOP, later_allowed=True)
    with refused(Code.LATER_PAYMENT_NOT_ALLOWED):
        rules.check_method(PaymentMethod.LATER_TRANSFER, SHOP, later_allowed=False)
    for method in ("card", "deposit", "advance_transfer"):
        rules.check_method(method, SHOP, later_allowed=False)
    with refused(Code.NOT_SUPPORTED_YET):
        rules.check_method(PaymentMethod.DIRECT_DEBIT, PRESETS["hosting"], later_allowed=True)
    with refused(Code.METHOD_NOT_OFFERED):
        rules.check_method(PaymentMethod.DIRECT_DEBIT, SHOP, later_allowed=True)
    with refused(Code.METHOD_NOT_OFFERED):
        rules.check_method("cash", SHOP, later_allowed=True)


def test_a_method_that_the_tenant_leaves_out_is_not_offered() -> None:
    cards_only = change_policy(SHOP, {"payment_methods": ["card"], "first_method": "card"})
    with refused(Code.METHOD_NOT_OFFERED):
        rules.check_method(PaymentMethod.LATER_TRANSFER, cards_only, later_allowed=True)


def test_discontinued_comes_before_inquiry_required() -> None:
    rules.check_sellable("DV", discontinued=False, inquiry_required=False)
    with refused(Code.INQUIRY_REQUIRED):
        rules.check_sellable("DV", discontinued=False, inquiry_required=True)
    with refused(Code.DISCONTINUED):
        rules.check_sellable("DV", discontinued=True, inquiry_required=True)


def test_the_credit_limit_may_be_reached_but_not_exceeded() -> None:
    rules.check_credit(limit=1_000_000, used=967_000, total=33_000)
    rules.check_credit(limit=None, used=10**12, total=33_000)
    with refused(Code.CREDIT_LIMIT_EXCEEDED):
        rules.check_credit(limit=1_000_000, used=967_001, total=33_000)


def test_tax_of_an_order_is_rounded_once_per_rate() -> None:
    sums = rules.order_sums([(TaxCategory.STANDARD, 105)] * 3, SHOP, date(2026, 11, 1), taxed=True)
    assert [(each.net, each.tax) for each in sums] == [(315, 31)]


def test_a_seller_who_is_not_registered_states_no_tax() -> None:
    sums = rules.order_sums([(TaxCategory.STANDARD, 30_000)], SHOP, date(2026, 11, 1), taxed=False)
    assert [(each.net, each.tax) for each in sums] == [(30_000, 0)]


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_quantities_that_cannot_be_meant(quantity: int) -> None:
    with refused(Code.INVALID_INPUT):
        rules.check_quantities([OrderedLine("DV-1Y", quantity)])


def test_an_empty_order_is_none() -> None:
    with refused(Code.INVALID_INPUT):
        rules.check_quantities([])


def test_an_order_has_at_most_500_lines() -> None:
    rules.check_line_count(500)
    with refused(Code.INVALID_INPUT):
        rules.check_line_count(501)
