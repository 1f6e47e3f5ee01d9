"""Every payment method, any order of events: the books balance, no charge comes twice, no yen is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.db.models import F, Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from billing_project import clock
from billing_project.calendar import Month, local_midnight
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Document, OpenItem
from invoices.services.closing import close_period, issue_closing
from ledger.models import Account, CustomerBalance, Line, Reservation
from ledger.verification import verify
from orders.models import LineState, Order, OrderLine, PendingDelivery, PendingState
from orders.services import create_product, deliver, expire_orders
from orders.services.choosing_card import choose_card
from payments.gateways import using
from payments.gateways.playing import PlayingGateway
from payments.gateways.port import ChargeOutcome
from payments.models import CardPayment, CardPaymentState, CardRefund, CardRefundState, Payment
from payments.services import receive_transfer
from payments.services.cards import refresh
from payments.services.cards.sweeping import talk
from tests.acts import TOKYO, at
from tests.factories import make_customer
from tests.orders.factories import make_shop, order_of
from tests.payments.cards import saved

START = at("2026-10-20 12:00")
PRICE = 1_235
"""The tax is 123.5: something is lost with every rounding."""
CARDS: dict[str, dict[str, Any]] = {
    "credit": {},
    "debit": {"funding": "debit"},
    "confirming": {"confirms_from": 1},
    "refused": {"declined_from": 2},
}
METHODS = ["later_transfer", "deposit", "advance_transfer", *CARDS]
TAKEN = [CardPaymentState.SUCCEEDED, CardPaymentState.LATE]


class Story(RuleBasedStateMachine):
    """A customer for each way of paying; noon of one day after another."""

    @initialize(rounding=st.sampled_from(["floor", "half_up", "ceil"]))
    def open_shop(self, rounding: str) -> None:
        with clock.frozen(at("2026-10-01 00:00")):
            self.tenant = make_shop(credit_limit_default=10**9, cancel_window_days=20, tax_rounding=rounding)
        self.now, self.transfers, self.gateway = START, 0, PlayingGateway()
        with self.today(), tenant_context(self.tenant):
            create_product(sku="ODD", name="端数", unit_price=PRICE)
            self.customers = {
                name: make_customer(name, pays="card" if name in CARDS else name) for name in METHODS
            }
        with self.today():
            self.cards = {name: saved(self.customers[name], **kind) for name, kind in CARDS.items()}

    @contextmanager
    def today(self) -> Iterator[None]:
        with clock.frozen(self.now), using(self.gateway):
            yield

    def an_order(self, which: int) -> Order | None:
        with tenant_context(self.tenant):
            orders = list(Order.objects.select_related("card", "customer").order_by("-pk"))
        return orders[which % len(orders)] if orders else None

    @rule(name=st.sampled_from(METHODS), count=st.integers(1, 3))
    def place(self, name: str, count: int) -> None:
        with self.today(), suppress(Refusal):
            order_of(self.customers[name], ("ODD", count), card=self.cards.get(name))

    @rule(which=st.integers(0, 9), line=st.integers(0, 3), reason=st.sampled_from(["", "急ぎ"]))
    def deliver(self, which: int, line: int, reason: str) -> None:
        with self.today(), suppress(Refusal):
            if order := self.an_order(which):
                deliver(order=order, line_position=line or None, reason=reason)

    @rule(which=st.integers(0, 9), line=st.integers(0, 3))
    def cancel(self, which: int, line: int) -> None:
        with self.today(), suppress(Refusal):
            if order := self.an_order(which):
                with tenant_context(self.tenant):
                    cancel(order=order, line_position=line or None)

    @rule(name=st.sampled_from(METHODS[:3]), amount=st.sampled_from([500, PRICE, 1_358, 2_717, 10_000]))
    def pay(self, name: str, amount: int) -> None:
        self.transfers += 1
        with self.today(), tenant_context(self.tenant):
            receive_transfer(
                amount=amount,
                payer_name="ｶ)ｱｸﾒ",
                received_on=self.now.date(),
                reference=str(self.transfers),
                customer=self.customers[name],
            )

    @rule(which=st.integers(0, 9), agrees=st.booleans())
    def answer(self, which: int, agrees: bool) -> None:
        """A holder confirms a charge or not; we hear of it now, or later."""
        waiting = [key for key, each in self.gateway.charges.items() if each.seen.outcome == "needs_customer"]
        if waiting:
            self.gateway.answer_holder(waiting[which % len(waiting)], agrees=agrees)

    @rule(times=st.integers(1, 2))
    def hear(self, times: int) -> None:
        """The provider tells of all charges, perhaps twice, and is asked for what is open."""
        with tenant_context(self.tenant):
            payments = list(CardPayment.objects.exclude(gateway_id="").select_related("card"))
        with self.today():
            for payment in payments * times:
                refresh(payment)
            talk(self.tenant.pk)

    @rule()
    def lose_an_answer(self) -> None:
        self.gateway.lose["charge"] += 1

    @rule(which=st.integers(0, 9))
    def take_another_card(self, which: int) -> None:
        with self.today(), suppress(Refusal):
            order = self.an_order(which)
            if order is not None and order.card is not None:
                other = saved(order.customer)
                with tenant_context(self.tenant):
                    choose_card(order=order, card=other)

    @rule(days=st.sampled_from([1, 6, 31]))
    def wait(self, days: int) -> None:
        before, self.now = self.now, self.now + timedelta(days=days)
        month = Month.of(self.now.date())
        if Month.of(before.date()) != month:
            self.bill(month.plus(-1))
        with self.today(), tenant_context(self.tenant):
            expire_orders(self.now.date())

    def bill(self, month: Month) -> None:
        seven = local_midnight(month.plus(1).first_day, TOKYO) + timedelta(hours=7)
        with clock.frozen(seven), tenant_context(self.tenant):
            issue_closing(closing=close_period(closes_on=month.last_day))

    @precondition(lambda self: hasattr(self, "cards"))
    @invariant()
    def books_are_right(self) -> None:
        with self.today(), tenant_context(self.tenant):
            assert verify() == []
            for customer in self.customers.values():
                _check_money(customer.pk)
            _check_cards()
            _check_claims()

    def teardown(self) -> None:
        """Everything is heard in the end: the provider holds what our books say."""
        if not hasattr(self, "cards"):
            return
        self.gateway.lose.clear()
        self.now += timedelta(hours=1)
        for _ in range(2):
            self.hear(1)
        with tenant_context(self.tenant):
            charges = self.gateway.charges.values()
            taken = [each for each in charges if each.seen.outcome == ChargeOutcome.SUCCEEDED]
            assert sum(each.wish.amount - each.refunded for each in taken) == _clearing()
            assert not CardRefund.objects.filter(state=CardRefundState.INTENDED).exists()


def _check_money(customer_id: int) -> None:
    """What is owed less what is held is what was billed less what came in; never negative."""
    standing = CustomerBalance.objects.filter(customer=customer_id).first() or CustomerBalance()
    billed = _sum(Document.objects.filter(customer=customer_id), "total")
    came = _sum(Payment.objects.filter(customer=customer_id), "amount")
    charged = _sum(CardPayment.objects.filter(customer=customer_id, state__in=TAKEN), "amount")
    back = CardRefund.objects.filter(payment__customer=customer_id, state=CardRefundState.SUCCEEDED)
    assert standing.receivable - standing.deposit == billed - came - charged + _sum(back, "amount")
    assert standing.receivable == _sum(OpenItem.objects.filter(customer=customer_id), "open_amount")
    assert 0 <= standing.reserved <= standing.deposit


def _check_cards() -> None:
    taken = CardPayment.objects.filter(state__in=TAKEN)
    back = CardRefund.objects.filter(state=CardRefundState.SUCCEEDED)
    assert _clearing() == _sum(taken, "amount") - _sum(back, "amount")
    paid = taken.filter(state=CardPaymentState.SUCCEEDED).values_list("purpose", "reference")
    assert len(set(paid)) == len(paid)
    assert not CardPayment.objects.filter(refunded__gt=F("amount")).exists()


def _check_claims() -> None:
    """An order that has nothing more to be delivered has no claim on deposit, and waits for no card."""
    over = Order.objects.exclude(pk__in=OrderLine.objects.filter(state=LineState.OPEN).values("order"))
    claims = Reservation.objects.filter(purpose="order", source_id__in=over.values("pk"), amount__gt=0)
    assert not claims.exists()
    assert not PendingDelivery.objects.filter(order__in=over, state=PendingState.WAITING).exists()


def _clearing() -> int:
    return _sum(Line.objects.filter(account=Account.CARD_CLEARING), "amount")


def _sum(rows: Any, column: str) -> int:
    return rows.aggregate(sum=Sum(column))["sum"] or 0


TestStory = Story.TestCase
TestStory.settings = settings(max_examples=6, stateful_step_count=30, deadline=None)
