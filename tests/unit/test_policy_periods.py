"""The days a policy gives: closing, issue, due, pay-out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.policy import PRESETS, change_policy
from accounts.policy.choices import PaymentMethod
from accounts.policy.periods import (
    Schedule,
    billing_month,
    closing_rule,
    closing_schedule,
    explain,
    methods_billed,
    payout_day,
    rules_of,
    schedule,
)
from billing_project.calendar import DayRule, Month

SHOP, HOSTING, ELECTRICITY, STORE, PKI, _ID_CHECK = PRESETS.values()
LATER, LINK = PaymentMethod.LATER_TRANSFER, PaymentMethod.PAYMENT_LINK


def days_of(policy, month, method):
    found = schedule(policy, Month.parse(month), method)
    return [day.isoformat() if day else None for day in (found.opens, found.closes, found.issues, found.due)]


@pytest.mark.parametrize(
    ("policy", "month", "method", "expected"),
    [
        # A10: delivered in October, closed on its last day, issued on 1 November, due at the end of November
        (SHOP, "2026-11", LATER, ["2026-10-01", "2026-10-31", "2026-11-01", "2026-11-30"]),
        # the year's end: 31 December is a bank holiday
        (SHOP, "2026-12", LATER, ["2026-11-01", "2026-11-30", "2026-12-01", "2027-01-04"]),
        (SHOP, "2027-01", LATER, ["2026-12-01", "2026-12-31", "2027-01-01", "2027-02-01"]),
        # S13
        (STORE, "2026-11", LATER, ["2026-10-01", "2026-10-31", "2026-11-05", "2026-11-30"]),
        (STORE, "2026-12", LATER, ["2026-11-01", "2026-11-30", "2026-12-03", "2027-01-04"]),
        # E1, E4
        (ELECTRICITY, "2026-11", LINK, ["2026-10-16", "2026-11-15", "2026-11-15", "2026-11-20"]),
        (
            ELECTRICITY,
            "2026-11",
            PaymentMethod.CARD,
            ["2026-10-16", "2026-11-15", "2026-11-15", "2026-11-20"],
        ),
        (
            ELECTRICITY,
            "2026-12",
            PaymentMethod.TRANSFER,
            ["2026-11-16", "2026-12-15", "2026-12-15", "2027-01-04"],
        ),
        # C1: due at the end of the month after the month of the bill
        (PKI, "2026-11", LATER, ["2026-10-01", "2026-10-31", "2026-11-01", "2027-01-04"]),
        # H3: March 2027
        (HOSTING, "2027-03", PaymentMethod.TRANSFER_OR_KONBINI, [None, None, "2027-03-05", "2027-03-31"]),
        (HOSTING, "2027-03", PaymentMethod.CARD, [None, None, "2027-03-05", "2027-03-31"]),
        (HOSTING, "2027-03", PaymentMethod.DIRECT_DEBIT, [None, None, "2027-03-11", "2027-03-26"]),
        (HOSTING, "2026-12", PaymentMethod.CARD, [None, None, "2026-12-07", "2027-01-04"]),
        (HOSTING, "2026-12", PaymentMethod.DIRECT_DEBIT, [None, None, "2026-12-11", "2026-12-28"]),
    ],
)
def test_the_days_of_a_billing_month(policy, month, method, expected):
    assert days_of(policy, month, method) == expected


def test_the_schedule_names_every_method():
    found = closing_schedule(HOSTING, Month(2027, 3))
    assert [entry.method.value for entry in found] == ["transfer_or_konbini", "direct_debit", "card"]
    assert found[1] == Schedule(
        Month(2027, 3), PaymentMethod.DIRECT_DEBIT, None, None, date(2027, 3, 11), date(2027, 3, 26)
    )


def test_a_method_with_days_of_its_own_is_billed_too():
    changed = change_policy(ELECTRICITY, {"due_day": "20; card 25; transfer last+"})
    assert methods_billed(changed) == [PaymentMethod.PAYMENT_LINK, PaymentMethod.TRANSFER, PaymentMethod.CARD]


@pytest.mark.parametrize(
    ("closes", "issue_day", "rule"),
    [
        ("last", "1", "last@-1"),
        ("last", "bd3", "last@-1"),
        ("15", "15", "15"),
        ("15", "16+", "15"),
        ("20", "1", "20@-1"),
        ("20", "last", "20"),
        ("last", "last", "last"),
        ("last@-1", "last", "last@-1"),
        ("5", "bd3", "5@-1"),  # in some months the third business day is the third
        ("1", "bd3", "1"),
    ],
)
def test_a_closing_never_comes_after_the_issue(closes, issue_day, rule):
    changed = change_policy(SHOP, {"closes": closes, "issue_day": issue_day, "due_day": "last+@1"})
    assert str(closing_rule(changed, LATER)) == rule


@pytest.mark.parametrize(
    ("policy", "method", "day", "month"),
    [
        (SHOP, LATER, date(2026, 10, 31), "2026-11"),
        (SHOP, LATER, date(2026, 11, 1), "2026-12"),
        (SHOP, LATER, date(2026, 12, 31), "2027-01"),
        (ELECTRICITY, LINK, date(2026, 11, 15), "2026-11"),
        (ELECTRICITY, LINK, date(2026, 11, 16), "2026-12"),
        # H9: what arises after the issue day waits for the next month's
        (HOSTING, PaymentMethod.TRANSFER_OR_KONBINI, date(2026, 3, 6), "2026-03"),
        (HOSTING, PaymentMethod.TRANSFER_OR_KONBINI, date(2026, 3, 7), "2026-04"),
        (HOSTING, PaymentMethod.TRANSFER_OR_KONBINI, date(2026, 3, 10), "2026-04"),
        (HOSTING, PaymentMethod.DIRECT_DEBIT, date(2026, 3, 10), "2026-03"),
    ],
)
def test_the_month_that_bills_a_charge(policy, method, day, month):
    assert str(billing_month(policy, method, day)) == month


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.sampled_from([(p, m) for p in PRESETS.values() for m in methods_billed(p) if p.closes]),
)
def test_every_day_lies_in_exactly_one_closing_period(day, policy_and_method):
    policy, method = policy_and_method
    month = billing_month(policy, method, day)
    found, following = schedule(policy, month, method), schedule(policy, month.plus(1), method)
    assert found.opens <= day <= found.closes <= found.issues <= found.due
    assert following.opens == found.closes + timedelta(days=1)


@pytest.mark.parametrize(
    ("asked", "paid"),
    [
        (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 11, 20), date(2026, 11, 30)),
        (date(2026, 11, 21), date(2027, 1, 4)),
        (date(2026, 12, 20), date(2027, 1, 4)),
        (date(2026, 12, 21), date(2027, 2, 1)),
    ],
)
def test_pay_outs(asked, paid):
    assert payout_day(SHOP, asked) == paid


def test_a_rule_is_explained_by_its_next_three_days_with_today():
    assert explain(DayRule.parse("last+"), date(2026, 11, 30)) == [
        date(2026, 11, 30),
        date(2027, 1, 4),
        date(2027, 2, 1),
    ]


def test_every_rule_of_a_policy_can_be_explained():
    assert {name: str(rule) for name, rule in rules_of(HOSTING)} == {
        "issue_day": "bd5",
        "issue_day.card": "5+",
        "issue_day.direct_debit": "11+",
        "due_day": "last+",
        "due_day.direct_debit": "26+",
        "payout_cutoff": "20",
        "payout_day": "last+",
        "renewal_notice": "1",
    }
