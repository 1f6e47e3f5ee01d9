"""The pure rules of cancelling."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.policy import PRESETS, BillingPolicy
from billing_project.errors import Code
from cancellations import rules
from orders.models import LineState

SHOP, STORE, PKI = PRESETS["certificate-shop"], PRESETS["software-store"], PRESETS["managed-pki"]


def why(
    state: str, today: date, *, until: date | None = date(2026, 11, 7), policy: BillingPolicy = SHOP
) -> Code | None:
    return rules.why_not_cancellable(
        state=state,
        cancel_until=until,
        last_delivery_on=date(2026, 11, 30),
        policy=policy,
        today=today,
    )


def test_the_seventh_day_is_the_last() -> None:
    assert why(LineState.DELIVERED, date(2026, 11, 7)) is None
    assert why(LineState.DELIVERED, date(2026, 11, 8)) == Code.CANCEL_WINDOW_CLOSED


def test_before_delivery_until_the_order_expires() -> None:
    assert why(LineState.OPEN, date(2026, 11, 30), until=None) is None
    assert why(LineState.OPEN, date(2026, 12, 1), until=None) == Code.ORDER_EXPIRED


def test_what_is_over() -> None:
    today = date(2026, 11, 2)
    assert why(LineState.CANCELLED, today) == Code.ALREADY_CANCELLED
    assert why(LineState.EXPIRED, today) == Code.ORDER_EXPIRED
    assert why(LineState.DELIVERED, today, until=None) == Code.CANCEL_WINDOW_CLOSED


@pytest.mark.parametrize("policy", [STORE, PKI])
@pytest.mark.parametrize("state", [LineState.OPEN, LineState.DELIVERED])
def test_never_where_there_is_no_window(policy: BillingPolicy, state: str) -> None:
    assert why(state, date(2026, 11, 2), policy=policy) == Code.NOT_CANCELLABLE
    assert why(LineState.CANCELLED, date(2026, 11, 2), policy=policy) == Code.ALREADY_CANCELLED


def test_reminded_one_day_before() -> None:
    assert rules.reminded_window(date(2026, 11, 6), SHOP) == date(2026, 11, 7)
    assert rules.reminded_window(date(2026, 11, 6), STORE) is None
