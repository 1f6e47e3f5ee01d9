"""Delivering: charges, windows, states, and the days that may be entered."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from invoices.models import Charge
from orders.models import LineState, Order, OrderLine, OrderState
from orders.services import create_product, deliver
from tests.acts import at, refused
from tests.factories import make_customer
from tests.orders.factories import order_of

pytestmark = pytest.mark.usefixtures("in_tenant")


def lines_of(order: Order) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order).select_related("charge").order_by("position"))


def test_every_line_becomes_a_charge() -> None:
    create_product(
        sku="WATER", name="飲料水", unit="箱", unit_price=2_980, tax_category="reduced", sold_singly=False
    )
    customer = make_customer()
    with clock.frozen(at("2026-11-01 10:00")):
        order = order_of(customer, ("DV-1Y", 1), ("WATER", 3))
    with clock.frozen(at("2026-11-05 15:30")):
        delivered = deliver(order=order)
    assert delivered.state == OrderState.DELIVERED
    certificate, water = lines_of(order)
    assert certificate.charge.amount == 30_000
    assert (certificate.charge.tax_rate, water.charge.tax_rate) == (10, 8)
    assert (water.charge.quantity, water.charge.unit, water.charge.amount) == (3, "箱", 8_940)
    for line in (certificate, water):
        assert line.state == LineState.DELIVERED
        assert (
            line.delivered_on
            == line.charge.transaction_date
            == line.charge.billable_from
            == date(2026, 11, 5)
        )
        assert line.delivered_at == at("2026-11-05 15:30")
        assert line.cancel_until == date(2026, 11, 11)
        assert line.charge.addressee_id == order.addressee_id
        assert line.charge.order_number == order.number
        assert line.charge.payment_method == "later_transfer"


def test_line_by_line() -> None:
    order = order_of(None, ("DV-1Y", 2))
    assert deliver(order=order, line_position=2).state == OrderState.PARTLY_DELIVERED
    assert [line.state for line in lines_of(order)] == [LineState.OPEN, LineState.DELIVERED]
    assert deliver(order=order).state == OrderState.DELIVERED
    assert Charge.objects.count() == 2


def test_nothing_is_delivered_twice() -> None:
    order = order_of(None, ("DV-1Y", 2))
    deliver(order=order, line_position=1)
    with refused(Code.ALREADY_DELIVERED):
        deliver(order=order, line_position=1)
    deliver(order=order)
    with refused(Code.ALREADY_DELIVERED):
        deliver(order=order)
    assert Charge.objects.count() == 2


def test_a_line_that_is_not_there() -> None:
    with refused(Code.INVALID_INPUT):
        deliver(order=order_of(), line_position=2)


def test_delivered_on_day_30_but_not_on_day_31_even_before_the_job_runs() -> None:
    with clock.frozen(at("2026-11-01 23:00")):
        customer = make_customer()
        in_time, late = order_of(customer), order_of(customer)
    with clock.frozen(at("2026-11-30 23:59:59")):
        assert deliver(order=in_time).state == OrderState.DELIVERED
    with clock.frozen(at("2026-12-01 00:00")):
        for on in (None, date(2026, 11, 30)):
            with refused(Code.ORDER_EXPIRED):
                deliver(order=late, on=on)
    assert Charge.objects.count() == 1


def test_entered_late_the_window_runs_from_the_real_day() -> None:
    with clock.frozen(at("2026-11-01 10:00")):
        order = order_of()
    with clock.frozen(at("2026-11-06 10:00")):
        deliver(order=order, on=date(2026, 11, 2))
    (line,) = lines_of(order)
    assert line.delivered_on == line.charge.transaction_date == date(2026, 11, 2)
    assert line.cancel_until == date(2026, 11, 8)


@pytest.mark.parametrize("on", [date(2026, 10, 31), date(2026, 11, 7)])
def test_not_before_the_order_and_not_tomorrow(on: date) -> None:
    with clock.frozen(at("2026-11-01 10:00")):
        order = order_of()
    with clock.frozen(at("2026-11-06 10:00")), refused(Code.DELIVERY_DATE_NOT_ALLOWED):
        deliver(order=order, on=on)
    assert not Charge.objects.exists()
    assert lines_of(order)[0].state == LineState.OPEN
    assert not AuditEntry.objects.filter(action="order_delivered").exists()


def test_the_window_of_the_policy_of_the_day_of_the_order(in_tenant: Tenant) -> None:
    with clock.frozen(at("2026-11-01 10:00")):
        order = order_of()
        set_policy(changes={"cancel_window_days": 3}, valid_from=date(2026, 11, 2))
    with clock.frozen(at("2026-11-05 10:00")):
        deliver(order=order)
    assert lines_of(order)[0].cancel_until == date(2026, 11, 11)
