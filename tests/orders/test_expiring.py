"""Orders that are not delivered in time (A5): warnings, the end, and late runs."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.jobs.models import Job
from billing_project.jobs.services import run_due
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from orders.models import LineState, Order, OrderLine, OrderState
from orders.services import deliver, expire_orders, warn_of_expiry
from tests.acts import at, letters
from tests.factories import make_customer
from tests.orders.factories import make_member, make_shop, order_of


@pytest.fixture
def shop() -> Tenant:
    """Its jobs begin on 22 November."""
    return make_shop(since=date(2026, 11, 22))


@pytest.fixture
def order(shop: Tenant) -> Order:
    """Ordered on 1 November: to be delivered by the 30th, cancelled on 1 December."""
    with tenant_context(shop), clock.frozen(at("2026-11-01 10:00")):
        customer = make_customer(contact="経理 太郎", email="keiri@example.com")
        return order_of(customer, ("DV-1Y", 2), member=make_member(customer))


def run_until(tenant: Tenant, moment: str) -> None:
    with clock.frozen(at(moment)):
        jobs = run_due(tenant.pk)
    assert [job.name for job in jobs if job.error] == []


def state_of(shop: Tenant, order: Order) -> tuple[str, list[str]]:
    with tenant_context(shop):
        lines = OrderLine.objects.filter(order=order).order_by("position").values_list("state", flat=True)
        return Order.objects.get(pk=order.pk).state, list(lines)


def sent(shop: Tenant, kind: str) -> list[str]:
    with tenant_context(shop):
        return list(Mail.objects.filter(kind=kind).order_by("occasion").values_list("occasion", flat=True))


def test_cancelled_at_midnight_of_day_31(shop: Tenant, order: Order) -> None:
    run_until(shop, "2026-11-30 23:59:59")
    assert state_of(shop, order) == (OrderState.OPEN, [LineState.OPEN] * 2)
    run_until(shop, "2026-12-01 00:00")
    assert state_of(shop, order) == (OrderState.EXPIRED, [LineState.EXPIRED] * 2)


def test_warned_on_the_24th_and_the_30th_and_told_on_the_1st(shop: Tenant, order: Order) -> None:
    run_until(shop, "2026-11-24 06:59")
    assert sent(shop, "order_expiring") == []
    run_until(shop, "2026-11-24 07:00")
    assert len(sent(shop, "order_expiring")) == 2  # member and accounting contact
    run_until(shop, "2026-11-30 06:59")
    assert len(sent(shop, "order_expiring")) == 2
    run_until(shop, "2026-11-30 07:00")
    assert len(sent(shop, "order_expiring")) == 4
    assert sent(shop, "order_expired") == []
    run_until(shop, "2026-12-10 12:00")
    assert len(sent(shop, "order_expiring")) == 4
    assert len(sent(shop, "order_expired")) == 2


def test_what_the_letters_say(shop: Tenant, order: Order) -> None:
    for moment in ("2026-11-24 07:00", "2026-11-30 07:00", "2026-12-01 00:00"):
        run_until(shop, moment)
    with tenant_context(shop):
        warnings, ends = letters("order_expiring"), letters("order_expired")
        member = order.member.user.email
    assert {letter.recipient for letter in warnings} == {"keiri@example.com", member}
    for letter in warnings:
        assert "発行期限のご案内" in letter.subject
        assert "2026年11月30日" in letter.text
        assert "2026年12月1日" in letter.html
    assert {letter.recipient for letter in ends} == {"keiri@example.com", member}
    for letter in ends:
        assert "期限切れによるキャンセルのお知らせ" in letter.subject
        assert order.number in letter.text
        assert "66,000円" in letter.text


def test_one_mail_when_both_are_the_same_person(shop: Tenant) -> None:
    with tenant_context(shop), clock.frozen(at("2026-11-01 10:00")):
        customer = make_customer()
        member = make_member(customer)
        contact = customer.accounting_contacts.get()
        contact.email = member.user.email.upper()
        contact.save()
        order_of(customer, member=member)
    run_until(shop, "2026-12-01 00:00")
    assert len(sent(shop, "order_expired")) == 1


def test_who_has_left_is_not_mailed(shop: Tenant, order: Order) -> None:
    with tenant_context(shop):
        order.member.is_active = False
        order.member.save()
    run_until(shop, "2026-12-01 00:00")
    assert [occasion.rsplit(":")[-1] for occasion in sent(shop, "order_expired")] == ["contact"]


def test_only_what_was_not_delivered_expires(shop: Tenant, order: Order) -> None:
    with tenant_context(shop), clock.frozen(at("2026-11-20 10:00")):
        deliver(order=order, line_position=1)
    run_until(shop, "2026-12-01 00:00")
    assert state_of(shop, order) == (OrderState.DELIVERED, [LineState.DELIVERED, LineState.EXPIRED])
    with tenant_context(shop):
        letter = letters("order_expired")[0]
    assert "33,000円" in letter.text


def test_delivered_orders_are_neither_warned_of_nor_ended(shop: Tenant, order: Order) -> None:
    with tenant_context(shop), clock.frozen(at("2026-11-20 10:00")):
        deliver(order=order)
    run_until(shop, "2026-12-02 00:00")
    assert state_of(shop, order)[0] == OrderState.DELIVERED
    assert sent(shop, "order_expiring") == sent(shop, "order_expired") == []


def test_three_days_without_beat(shop: Tenant, order: Order) -> None:
    run_until(shop, "2026-11-29 12:00")
    run_until(shop, "2026-12-02 12:00")
    assert state_of(shop, order)[0] == OrderState.EXPIRED
    # The warning of the 30th would come when nothing can be done any more.
    assert len(sent(shop, "order_expiring")) == 2
    assert len(sent(shop, "order_expired")) == 2
    with tenant_context(shop):
        job = Job.objects.get(name="orders.expire")
        assert (job.due_on, job.result) == (date(2026, 12, 1), {"orders": 1})


def test_a_warning_that_comes_late_still_helps(shop: Tenant, order: Order) -> None:
    run_until(shop, "2026-11-23 12:00")
    run_until(shop, "2026-11-26 12:00")
    assert len(sent(shop, "order_expiring")) == 2


def test_run_twice_nothing_changes(shop: Tenant, order: Order) -> None:
    with tenant_context(shop), clock.frozen(at("2026-11-24 07:00")):
        assert [warn_of_expiry(date(2026, 11, 24)) for _ in range(2)] == [1, 1]
        assert Mail.objects.filter(kind="order_expiring").count() == 2
    with tenant_context(shop), clock.frozen(at("2026-12-01 00:00")):
        assert [expire_orders(date(2026, 12, 1)) for _ in range(2)] == [1, 0]
        assert Mail.objects.filter(kind="order_expired").count() == 2


def test_not_warned_on_the_day_of_the_order() -> None:
    shop = make_shop(since=date(2026, 11, 1))
    with tenant_context(shop), clock.frozen(at("2026-11-01 06:00")):
        set_policy(
            changes={"order_expiry_days": 7, "order_expiry_warnings": [7]}, valid_from=date(2026, 11, 1)
        )
        order_of()
    run_until(shop, "2026-11-01 12:00")
    assert sent(shop, "order_expiring") == []
