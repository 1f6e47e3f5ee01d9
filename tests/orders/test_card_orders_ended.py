"""Orders by card that are cancelled or end: nothing is charged, or it goes back (A4, A5, A14)."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Tenant
from accounts.services import set_policy
from billing_project import clock
from cancellations.services import cancel
from invoices.models import Document, DocumentKind
from orders.models import Order, OrderState, PendingDelivery, PendingState
from orders.services import create_product, deliver, expire_orders
from payments.models import CardPayment, CardPaymentState, CardRefund, CardRefundState
from payments.services.cards import refresh
from payments.services.cards.sweeping import talk
from tests.acts import at, letters
from tests.orders.by_card import CREDIT, DEBIT, buyer, order_by, refunds, standing, states
from tests.orders.factories import make_member
from tests.payments.cards import provider, saved

pytestmark = pytest.mark.usefixtures("in_shop")


def test_cancelled_while_it_waits_nothing_is_charged(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    order = order_by(card)
    deliver(order=order)
    cancel(order=order)
    talk(tenant.pk)
    assert states() == [CardPaymentState.RELEASED]
    assert PendingDelivery.objects.get().state == PendingState.WITHDRAWN
    assert not Document.objects.exists()


def test_charged_all_the_same_it_goes_back(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    order = order_by(card)
    deliver(order=order)
    provider().answer_holder(CardPayment.objects.get().gateway_id)
    cancel(order=order)
    talk(tenant.pk)
    talk(tenant.pk)
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert standing(card.customer) == (0, 0, 0)
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED


def test_cancelled_before_the_delivery_a_saved_card_is_not_charged() -> None:
    card = saved(buyer(), **CREDIT)
    cancel(order=order_by(card))
    assert states() == []
    assert not Document.objects.exists()


def test_cancelled_before_the_delivery_a_debit_card_gets_its_money_back(tenant: Tenant) -> None:
    card = saved(buyer(), **DEBIT)
    order = order_by(card, ("DV-1Y", 2), member=make_member(card.customer))
    cancel(order=order, line_position=1)
    assert standing(card.customer) == (0, 66_000, 66_000)
    talk(tenant.pk)
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert standing(card.customer) == (0, 33_000, 33_000)
    assert "銀行により" in letters("order_cancelled")[0].text
    cancel(order=order)
    talk(tenant.pk)
    assert standing(card.customer) == (0, 0, 0)
    assert not Document.objects.exists()


def test_cancelled_after_the_delivery_the_charge_goes_back_with_a_return_invoice(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT)
    order = order_by(card, ("DV-1Y", 2), member=make_member(card.customer))
    deliver(order=order)
    cancel(order=order, line_position=1)
    talk(tenant.pk)
    assert Document.objects.get(kind=DocumentKind.RETURN_INVOICE).total == -33_000
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert standing(card.customer) == (0, 0, 0)
    assert "翌月のカードご利用明細" in letters("order_cancelled")[0].text


def test_the_refund_goes_to_the_card_that_paid_the_line(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT)
    order = order_by(card, ("DV-1Y", 1), ("WC-1Y", 1))
    deliver(order=order, line_position=1)
    deliver(order=order, line_position=2)
    cancel(order=order, line_position=1)
    assert CardRefund.objects.get().payment.amount == 33_000


def test_a_policy_may_keep_the_money_as_deposit() -> None:
    set_policy(changes={"refund_to": "deposit"}, valid_from=date(2026, 11, 5))
    card = saved(buyer(), **CREDIT)
    cancel(order=deliver(order=order_by(card)))
    assert refunds() == []
    assert standing(card.customer) == (0, 33_000, 0)


def test_what_ends_by_itself_gives_back_debit_and_releases_what_waits(tenant: Tenant) -> None:
    debit, credit = saved(buyer(), **DEBIT), saved(buyer(), **CREDIT, confirms_from=1)
    paid, waiting = order_by(debit), order_by(credit)
    deliver(order=waiting)
    with clock.frozen(at("2026-12-05 00:00")):
        expire_orders(date(2026, 12, 5))
        talk(tenant.pk)
    assert {order.state for order in Order.objects.all()} == {OrderState.EXPIRED}
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert states() == [CardPaymentState.SUCCEEDED, CardPaymentState.RELEASED]
    assert standing(paid.customer) == (0, 0, 0)


def test_confirmed_after_the_last_day_it_goes_back_before_the_job_has_run(tenant: Tenant) -> None:
    card = saved(buyer(), **CREDIT, confirms_from=1)
    deliver(order=order_by(card))
    payment = CardPayment.objects.get()
    provider().answer_holder(payment.gateway_id)
    with clock.frozen(at("2026-12-05 00:00")):
        refresh(payment)
        talk(tenant.pk)
    assert refunds() == [(33_000, CardRefundState.SUCCEEDED)]
    assert not Document.objects.exists()


def test_parts_of_a_debit_order_leave_the_lost_yen_to_the_card(tenant: Tenant) -> None:
    """Two of 1,235 yen are charged as 2,717; delivered one by one they come to 2 × 1,358."""
    create_product(sku="ODD", name="端数", unit_price=1_235)
    card = saved(buyer(), **DEBIT)
    order = order_by(card, ("ODD", 2))
    deliver(order=order, line_position=1)
    deliver(order=order, line_position=2)
    talk(tenant.pk)
    assert refunds() == [(1, CardRefundState.SUCCEEDED)]
    assert standing(card.customer) == (0, 0, 0)
