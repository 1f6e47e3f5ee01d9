"""What the locks are for: each race as it would go without them. That it goes well with them is shown where
each act is tested; two pay-outs of one deposit are in `tests/payments/test_payouts.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from django.db import IntegrityError

from accounts.models import Tenant
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Charge, Document, DocumentKind
from invoices.services.closing import close_period, issue_closing
from ledger.models import Account
from ledger.services import lock_balance
from orders.models import Order
from orders.services import deliver
from payments.models import CardPayment
from payments.services import import_bank_file
from payments.services.cards.answers import settle_charge
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import order_of
from tests.payments import books
from tests.payments.cards import provider, saved
from tests.payments.files import incoming, statement
from tests.rivals import Rival, without_locks

NOON = at("2026-11-01 12:00")


@pytest.fixture(autouse=True)
def no_locks() -> Iterator[None]:
    with without_locks():
        yield


def overtaken(
    tenant: Tenant, first: Callable[[], object], second: Callable[[], object], moment: datetime = NOON
) -> Rival:
    """The second act runs while the first has not been committed."""
    with clock.frozen(moment), tenant_context(tenant):
        first()
        rival = Rival(tenant, moment, second).start()
        rival.waits()
    rival.join()
    return rival


def test_two_orders_fill_the_same_room_of_the_credit_limit(tenant: Tenant) -> None:
    with tenant_context(tenant):
        customer = make_customer(credit_limit=40_000)
        lock_balance(customer.pk)  # made here, so that nobody waits for its row to be made
    second = overtaken(tenant, lambda: order_of(customer), lambda: order_of(customer))
    assert second.error is None
    with tenant_context(tenant):
        assert Order.objects.count() == 2  # 66,000 yen


def test_two_cancel_the_same_line(tenant: Tenant) -> None:
    """Only the database's own constraint then stands against the second."""
    with tenant_context(tenant), clock.frozen(NOON):
        order = order_of(make_customer())
    second = overtaken(tenant, lambda: cancel(order=order), lambda: cancel(order=order))
    assert isinstance(second.error, IntegrityError)


def test_a_closing_bills_what_is_being_cancelled(tenant: Tenant) -> None:
    """Neither sees the other: the charge is billed, and no return invoice has its reversal."""
    with tenant_context(tenant), clock.frozen(at("2026-10-30 10:00")):
        order = deliver(order=order_of(make_customer()))
    with tenant_context(tenant), clock.frozen(at("2026-11-01 00:00")):
        closing = close_period(closes_on=date(2026, 10, 31))
    billing = overtaken(tenant, lambda: cancel(order=order), lambda: issue_closing(closing=closing))
    assert billing.error is None
    with tenant_context(tenant):
        assert sum(Charge.objects.values_list("amount", flat=True)) == 0
        assert list(Document.objects.values_list("kind", "total")) == [(DocumentKind.INVOICE, 33_000)]


def test_the_event_and_the_return_page_both_deliver(tenant: Tenant) -> None:
    with clock.frozen(NOON):
        with tenant_context(tenant):
            customer = make_customer(pays="card")
        card = saved(customer, confirms_from=1)
        order = order_of(customer, card=card)
        deliver(order=order)
        with tenant_context(tenant):
            payment = CardPayment.objects.get()
        provider().answer_holder(payment.gateway_id)
    seen = provider().read_charge(payment.gateway_id)
    event = overtaken(tenant, lambda: settle_charge(payment, seen), lambda: settle_charge(payment, seen))
    assert isinstance(event.error, IntegrityError)


def test_two_files_book_the_same_transfer_twice(tenant: Tenant) -> None:
    """The same file, or the same number of the bank, is stopped by unique constraints; nothing else is."""
    told = {"payer_name": "ｶ)ｱｸﾒ", "amount": 5_000, "reference": ""}
    with tenant_context(tenant):
        make_customer(payer_name="ｶ)ｱｸﾒ")
    overtaken(
        tenant,
        lambda: import_bank_file(content=incoming(told)),
        lambda: import_bank_file(content=statement(("ｶ)ｱｸﾒ", 1, 5_000))),
        moment=books.NOON,
    )
    with tenant_context(tenant):
        assert books.account(Account.BANK) == 10_000
