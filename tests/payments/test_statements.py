"""The statement of account equals the ledger, whatever happened (X5)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Sum

from accounts.models import Customer, Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Document
from invoices.services.closing import close_period, issue_closing
from ledger.models import Account, CustomerBalance, Line
from ledger.verification import verify
from orders.models import Order
from orders.services import deliver
from payments.models import Payment
from payments.panel import payments_of
from payments.selectors.statements import Statement, deposit_history, statement_of
from payments.services import apply_deposit, match_by_hand, receive_transfer, undo_match, withdraw_payout
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import order_of
from tests.payments.books import NOON, load
from tests.payments.payouts import ask, pay_in

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def figures(found: Statement) -> list[tuple[str, str, int, int]]:
    return [(str(each.day), str(each.label), each.owed, each.held) for each in found.movements]


def check_against_the_ledger(customer: Customer) -> None:
    """The statement over all time ends with the balances; each day's figures are the lines up to then."""
    whole = statement_of(customer, FIRST, LAST)
    balance = CustomerBalance.objects.get(customer=customer)
    assert (whole.closing_owed, whole.closing_held) == (balance.receivable, balance.deposit)
    for each in whole.movements:
        up_to = statement_of(customer, FIRST, each.day)
        assert (up_to.closing_owed, up_to.closing_held) == booked(customer, each.day)
        after = statement_of(customer, each.day, LAST)
        assert (after.closing_owed, after.closing_held) == (whole.closing_owed, whole.closing_held)
    changes = [each.held_change for each in deposit_history(customer)]
    assert sum(changes) == balance.deposit


def booked(customer: Customer, day: date) -> tuple[int, int]:
    lines = Line.objects.filter(customer=customer, entry__booked_on__lte=day)
    sums = dict(lines.values_list("account").annotate(total=Sum("amount")))
    return sums.get(Account.RECEIVABLE, 0), -sums.get(Account.DEPOSIT, 0)


def test_documents_payments_and_deposit(acme: Customer) -> None:
    pay_in(acme, 100_000)
    found = statement_of(acme, FIRST, LAST)
    assert (found.opening_owed, found.opening_held) == (0, 0)
    assert [(owed, held) for _day, _label, owed, held in figures(found)] == [
        (33_000, 0),
        (99_000, 0),
        (0, 1_000),
    ]
    assert [each.day for each in found.movements] == [
        date(2026, 10, 31),
        date(2026, 11, 30),
        date(2026, 12, 10),
    ]
    numbers = [document.number for document in Document.objects.order_by("pk")]
    assert [each.numbers for each in found.movements] == [*numbers, " ".join(numbers)]
    december = statement_of(acme, date(2026, 12, 1), LAST)
    assert (december.opening_owed, december.closing_owed, december.closing_held) == (99_000, 0, 1_000)
    check_against_the_ledger(acme)


def test_a_period_without_movements_carries_forward(acme: Customer) -> None:
    found = statement_of(acme, date(2026, 12, 1), date(2026, 12, 31))
    assert (found.movements, found.opening_owed, found.closing_owed) == ((), 99_000, 99_000)


def test_nothing_of_others(acme: Customer) -> None:
    other = make_customer("他社")
    pay_in(other, 500, "ﾀｼﾔ")
    assert [each.held for each in statement_of(other, FIRST, LAST).movements] == [500]
    assert all(each.held == 0 for each in statement_of(acme, FIRST, LAST).movements)


def test_through_everything_that_can_happen(acme: Customer) -> None:
    """Paid, undone, matched anew, cancelled after payment, paid out, withdrawn: always equal."""
    load(("ｶ)ｱｸﾒ", 99_500))
    payment = Payment.objects.get()
    check_against_the_ledger(acme)
    undo_match(payment=payment)
    check_against_the_ledger(acme)
    match_by_hand(payment=payment, customer=acme)
    payout = ask(acme, 500)
    check_against_the_ledger(acme)
    withdraw_payout(payout=payout)
    check_against_the_ledger(acme)
    assert verify() == []
    labels = [str(each.label) for each in statement_of(acme, FIRST, LAST).movements]
    assert len(labels) == len(statement_of(acme, FIRST, LAST).movements) == 7


class TestSideBySide:
    """A match is undone after its document was returned: nobody owes and owns at once."""

    @pytest.fixture
    def returned(self, tenant: Tenant) -> Customer:
        """Delivered on 30 October, billed on 1 November, paid on the 2nd, cancelled on the 3rd."""
        with tenant_context(tenant):
            customer = make_customer(payer_name="ｶ)ｱｸﾒ")
            with clock.frozen(at("2026-10-30 10:00")):
                order = order_of(customer)
                deliver_it(order)
            with clock.frozen(at("2026-11-01 07:00")):
                close_october()
            with clock.frozen(at("2026-11-02 10:00")):
                pay(customer, 33_000, date(2026, 11, 2))
            with clock.frozen(at("2026-11-03 10:00")):
                cancel(order=Order.objects.get(pk=order.pk))
                assert standing_of(customer) == (0, 33_000)
        return customer

    def test_free_deposit_pays_what_is_open_again(self, tenant: Tenant, returned: Customer) -> None:
        with tenant_context(tenant), clock.frozen(NOON):
            undo_match(payment=Payment.objects.get())
            assert standing_of(returned) == (0, 0)
            check_against_the_ledger(returned)
            assert verify() == []
            # Matched again, all of it is deposit: the document is settled.
            match_by_hand(payment=Payment.objects.get(), customer=returned)
            assert standing_of(returned) == (0, 33_000)
            assert verify() == []

    def test_where_the_policy_does_not_apply_deposit_it_waits_for_a_person(
        self, tenant: Tenant, returned: Customer
    ) -> None:
        with tenant_context(tenant), clock.frozen(NOON):
            set_policy(changes={"apply_deposit": False}, valid_from=date(2026, 12, 10))
            undo_match(payment=Payment.objects.get())
            assert standing_of(returned) == (33_000, 33_000)
            assert verify() == []
            assert [apply_deposit(customer=returned) for _ in range(2)] == [33_000, 0]
            assert standing_of(returned) == (0, 0)
            assert verify() == []


def standing_of(customer: Customer) -> tuple[int, int]:
    row = CustomerBalance.objects.get(customer=customer)
    return row.receivable, row.deposit


def pay(customer: Customer, amount: int, day: date) -> None:
    receive_transfer(amount=amount, payer_name="ｶ)ｱｸﾒ", received_on=day, reference="paid", customer=customer)


def deliver_it(order: Order) -> None:
    deliver(order=order)


def close_october() -> None:
    issue_closing(closing=close_period(closes_on=date(2026, 10, 31)))


class TestWhatWasPaid:
    def test_how_and_for_what(self, acme: Customer) -> None:
        pay_in(acme, 100_000)
        [paid] = payments_of(acme)
        assert (paid.day, paid.source, paid.amount, paid.rest) == (
            date(2026, 12, 10),
            "ｶ)ｱｸﾒ",
            100_000,
            1_000,
        )
        assert [part for _document, part in paid.documents] == [33_000, 66_000]

    def test_an_undone_match_is_no_payment(self, acme: Customer) -> None:
        undo_match(payment=pay_in(acme, 33_000))
        assert payments_of(acme) == []
