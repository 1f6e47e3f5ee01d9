"""Cancelling: before delivery (A4), in the window (A13), before the closing (A16), and too late."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Role, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from cancellations.models import Cancellation
from cancellations.selectors import can_cancel, cancel_options, cancellations_of
from cancellations.services import cancel
from invoices.models import Charge, Document
from invoices.services.closing import close_period, issue_closing
from ledger.models import CustomerBalance, Entry
from orders.models import LineState, Order, OrderLine, OrderState
from orders.services import deliver, expire_orders
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.orders.factories import make_member, order_of


@pytest.fixture
def order(in_tenant: Tenant) -> Order:
    """Two DV-1Y, ordered on 1 November at 10:00."""
    with clock.frozen(at("2026-11-01 10:00")):
        customer = make_customer(email="keiri@example.com")
        return order_of(customer, ("DV-1Y", 2), member=make_member(customer))


def delivered(order: Order, moment: str = "2026-11-01 15:30") -> Order:
    with clock.frozen(at(moment)):
        return deliver(order=order)


def states(order: Order) -> list[str]:
    return list(OrderLine.objects.filter(order=order).order_by("position").values_list("state", flat=True))


def test_before_delivery_nothing_was_sold(order: Order) -> None:
    with clock.frozen(at("2026-11-02 10:00")):
        assert cancel(order=order).state == OrderState.CANCELLED
    assert states(order) == [LineState.CANCELLED] * 2
    assert not Charge.objects.exists()
    assert [each.reversal for each in cancellations_of(order)] == [None, None]


def test_one_line(order: Order) -> None:
    with clock.frozen(at("2026-11-02 10:00")):
        assert cancel(order=order, line_position=2, reason="不要になった").state == OrderState.OPEN
        assert states(order) == [LineState.OPEN, LineState.CANCELLED]
        with refused(Code.ALREADY_CANCELLED):
            cancel(order=order, line_position=2)
        assert cancel(order=order).state == OrderState.CANCELLED
    assert [each.reason for each in cancellations_of(order)] == ["", "不要になった"]


def test_open_through_the_last_second_of_the_seventh_day(order: Order) -> None:
    delivered(order)
    with clock.frozen(at("2026-11-07 23:59:59.999999")):
        assert can_cancel(order)
        assert cancel(order=order, line_position=1).state == OrderState.DELIVERED
    with clock.frozen(at("2026-11-08 00:00")):
        assert not can_cancel(order)
        with refused(Code.CANCEL_WINDOW_CLOSED):
            cancel(order=order)
        with refused(Code.CANCEL_WINDOW_CLOSED):
            cancel(order=order, line_position=2)
        with refused(Code.ALREADY_CANCELLED):
            cancel(order=order, line_position=1)
    assert states(order) == [LineState.CANCELLED, LineState.DELIVERED]


def test_the_window_runs_from_the_real_day(order: Order) -> None:
    with clock.frozen(at("2026-11-07 10:00")):
        deliver(order=order, on=date(2026, 11, 1))
    with clock.frozen(at("2026-11-08 00:00")), refused(Code.CANCEL_WINDOW_CLOSED):
        cancel(order=order)


def test_in_the_same_month_charge_and_reversal_stay_off_every_document(order: Order) -> None:
    """A16: delivered 1 November, cancelled on the 7th; the closing of November bills nothing."""
    delivered(order)
    with clock.frozen(at("2026-11-07 12:00")):
        assert cancel(order=order).state == OrderState.CANCELLED
    charges = Charge.objects.order_by("id")
    assert [charge.amount for charge in charges] == [30_000, 30_000, -30_000, -30_000]
    assert [charge.reverses_id for charge in charges[2:]] == [charge.pk for charge in charges[:2]]
    assert {charge.transaction_date for charge in charges[2:]} == {date(2026, 11, 7)}
    with clock.frozen(at("2026-12-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 11, 30)))
    assert not Document.objects.exists()
    assert not Entry.objects.exists()
    assert CustomerBalance.objects.get(customer=order.customer).receivable == 0


def test_the_rest_of_the_order_is_billed(order: Order) -> None:
    delivered(order)
    with clock.frozen(at("2026-11-07 12:00")):
        cancel(order=order, line_position=1)
    with clock.frozen(at("2026-12-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 11, 30)))
    assert [document.total for document in Document.objects.all()] == [33_000]


def test_between_closing_and_issue_it_is_not_billed_yet(in_tenant: Tenant) -> None:
    with clock.frozen(at("2026-10-30 10:00")):
        order = delivered(order_of(), "2026-10-30 15:30")
    with clock.frozen(at("2026-11-01 00:00")):
        closing = close_period(closes_on=date(2026, 10, 31))
    with clock.frozen(at("2026-11-01 03:00")):
        cancel(order=order)
    with clock.frozen(at("2026-11-01 07:00")):
        issue_closing(closing=closing)
    with clock.frozen(at("2026-12-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 11, 30)))
    assert not Document.objects.exists()


def test_partly_delivered_both_kinds_of_lines_are_cancelled(order: Order) -> None:
    with clock.frozen(at("2026-11-03 10:00")):
        deliver(order=order, line_position=1)
        assert cancel(order=order).state == OrderState.CANCELLED
    assert [each.reversal is not None for each in cancellations_of(order)] == [True, False]


def test_all_or_nothing(order: Order) -> None:
    """One line's window has closed, the other is not delivered: the order cannot be cancelled whole."""
    with clock.frozen(at("2026-11-01 15:30")):
        deliver(order=order, line_position=1)
    with clock.frozen(at("2026-11-08 10:00")):
        with refused(Code.CANCEL_WINDOW_CLOSED):
            cancel(order=order)
        assert states(order) == [LineState.DELIVERED, LineState.OPEN]
        assert not Cancellation.objects.exists()
        assert cancel(order=order, line_position=2).state == OrderState.DELIVERED


def test_expired_orders_cannot_be_cancelled(order: Order) -> None:
    with clock.frozen(at("2026-12-01 00:00")):
        with refused(Code.ORDER_EXPIRED):  # before the job has run
            cancel(order=order)
        expire_orders(date(2026, 12, 1))
        with refused(Code.ORDER_EXPIRED):
            cancel(order=order)


def test_what_expired_does_not_stand_in_the_way(order: Order) -> None:
    with clock.frozen(at("2026-11-28 10:00")):
        deliver(order=order, line_position=1)
    with clock.frozen(at("2026-12-02 10:00")):
        expire_orders(date(2026, 12, 2))
        assert cancel(order=order).state == OrderState.EXPIRED
    assert states(order) == [LineState.CANCELLED, LineState.EXPIRED]


def test_a_second_time(order: Order) -> None:
    with clock.frozen(at("2026-11-02 10:00")):
        cancel(order=order)
        entries = AuditEntry.objects.count()
        with refused(Code.ALREADY_CANCELLED):
            cancel(order=order)
        assert AuditEntry.objects.count() == entries
    assert Cancellation.objects.count() == 2


def test_bad_input(order: Order) -> None:
    with refused(Code.INVALID_INPUT):
        cancel(order=order, line_position=3)
    with refused(Code.INVALID_INPUT):
        cancel(order=order, reason="x" * 301)


def test_who_may(order: Order) -> None:
    customer = order.customer
    stranger = make_member(make_customer())
    accounting = make_member(customer, [Role.ACCOUNTING])
    requester = make_member(customer, [Role.REQUESTER])
    with clock.frozen(at("2026-11-02 10:00")):
        for member in (stranger, accounting, requester):
            assert not can_cancel(order, member=member)
            assert {option.refused for option in cancel_options(order, member=member)} == {Code.NOT_PERMITTED}
            with refused(Code.NOT_PERMITTED):
                cancel(order=order, member=member)
        own = order_of(customer, member=requester)
        assert can_cancel(own, member=requester)
        cancel(order=own, member=requester)
        cancel(order=order, member=order.member)


def test_what_can_be_cancelled_until_when(order: Order) -> None:
    with clock.frozen(at("2026-11-03 10:00")):
        deliver(order=order, line_position=2)
        options = cancel_options(order)
    assert [(option.possible, option.until) for option in options] == [
        (True, None),
        (True, date(2026, 11, 9)),
    ]


def test_the_ordering_member_is_told(order: Order) -> None:
    delivered(order)
    with clock.frozen(at("2026-11-02 10:00")):
        cancel(order=order, line_position=2)
    (letter,) = letters("order_cancelled")
    assert letter.recipient == order.member.user.email
    assert "キャンセル完了のお知らせ" in letter.subject
    assert order.number in letter.text
    assert "33,000円" in letter.html
    assert "ご請求はありません" in letter.text


def test_in_english(order: Order) -> None:
    order.customer.language = "en"
    order.customer.save()
    with clock.frozen(at("2026-11-02 10:00")):
        cancel(order=order)
    (letter,) = letters("order_cancelled")
    assert "Your cancellation of order" in letter.subject
    assert "You will not be billed" in letter.text


@pytest.mark.parametrize("hour", ["00:00", "23:59:59"])
def test_the_zone_of_the_tenant_decides(tenant: Tenant, hour: str) -> None:
    """A tenant in New York: its 7 November ends when it is 14:00 of the 8th in Japan."""
    tenant.timezone = "America/New_York"
    tenant.save()
    with tenant_context(tenant):
        with clock.frozen(at("2026-11-02 10:00")):  # 1 November, 20:00 in New York
            order = delivered(order_of(), "2026-11-02 10:00")
        assert order.ordered_on == date(2026, 11, 1)
        with clock.frozen(at("2026-11-08 13:59:59")):
            assert can_cancel(order)
        with clock.frozen(at("2026-11-08 14:00")), refused(Code.CANCEL_WINDOW_CLOSED):
            cancel(order=order)
