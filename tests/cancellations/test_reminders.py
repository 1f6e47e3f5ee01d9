"""The reminder one day before a window ends (A19)."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Tenant
from billing_project import clock
from billing_project.jobs.services import run_due
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel, remind_of_windows
from orders.models import Order
from orders.services import deliver
from tests.acts import at, letters
from tests.factories import make_customer
from tests.orders.factories import make_member, make_shop, order_of

KIND = "cancel_window_ends"


@pytest.fixture
def shop() -> Tenant:
    """Its jobs begin on 4 November."""
    return make_shop(since=date(2026, 11, 4))


@pytest.fixture
def order(shop: Tenant) -> Order:
    """Two DV-1Y, delivered on 1 November: to be cancelled through the 7th."""
    with tenant_context(shop), clock.frozen(at("2026-11-01 10:00")):
        customer = make_customer(email="keiri@example.com")
        placed = order_of(customer, ("DV-1Y", 2), member=make_member(customer))
        return deliver(order=placed)


def run_until(tenant: Tenant, moment: str) -> None:
    with clock.frozen(at(moment)):
        assert [job.name for job in run_due(tenant.pk) if job.error] == []


def reminders(shop: Tenant) -> int:
    with tenant_context(shop):
        return Mail.objects.filter(kind=KIND).count()


def test_on_the_sixth_at_seven(shop: Tenant, order: Order) -> None:
    run_until(shop, "2026-11-06 06:59")
    assert reminders(shop) == 0
    run_until(shop, "2026-11-06 07:00")
    assert reminders(shop) == 1
    run_until(shop, "2026-11-09 12:00")
    assert reminders(shop) == 1
    with tenant_context(shop):
        (letter,) = letters(KIND)
        assert letter.recipient == order.member.user.email
    assert "キャンセル期限のご案内" in letter.subject
    assert "2026年11月7日" in letter.text
    assert "66,000円" in letter.text


def test_not_of_what_is_cancelled(shop: Tenant, order: Order) -> None:
    with tenant_context(shop), clock.frozen(at("2026-11-05 10:00")):
        cancel(order=order, line_position=1)
    run_until(shop, "2026-11-06 07:00")
    with tenant_context(shop):
        (letter,) = letters(KIND)
    assert "33,000円" in letter.text


def test_not_at_all_when_everything_is_cancelled(shop: Tenant, order: Order) -> None:
    with tenant_context(shop), clock.frozen(at("2026-11-05 10:00")):
        cancel(order=order)
    run_until(shop, "2026-11-07 12:00")
    assert reminders(shop) == 0


def test_late_but_in_time(shop: Tenant, order: Order) -> None:
    run_until(shop, "2026-11-05 12:00")
    run_until(shop, "2026-11-07 23:00")
    assert reminders(shop) == 1


def test_not_when_it_is_too_late(shop: Tenant, order: Order) -> None:
    run_until(shop, "2026-11-05 12:00")
    run_until(shop, "2026-11-08 00:00")
    assert reminders(shop) == 0


def test_run_twice(shop: Tenant, order: Order) -> None:
    with tenant_context(shop), clock.frozen(at("2026-11-06 07:00")):
        assert [remind_of_windows(date(2026, 11, 6)) for _ in range(2)] == [1, 1]
    assert reminders(shop) == 1


def test_lines_delivered_on_different_days_are_reminded_of_one_by_one(shop: Tenant) -> None:
    with tenant_context(shop):
        with clock.frozen(at("2026-11-01 10:00")):
            customer = make_customer()
            order = order_of(customer, ("DV-1Y", 1), ("WC-1Y", 1), member=make_member(customer))
            deliver(order=order, line_position=1)
        with clock.frozen(at("2026-11-02 10:00")):
            deliver(order=order, line_position=2)
    run_until(shop, "2026-11-06 12:00")
    run_until(shop, "2026-11-07 12:00")
    with tenant_context(shop):
        first, second = letters(KIND)
    assert "ドメイン認証" in first.text
    assert "ワイルドカード" not in first.text
    assert "2026年11月8日" in second.text
    assert "108,641円" in second.text  # 98,765 and 9,876 of tax
