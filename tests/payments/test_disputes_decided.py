"""Disputes that were won or lost: what comes back, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations

import pytest

from billing_project import clock
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Document
from ledger.models import Reason
from ledger.verification import verify
from orders.services import deliver
from payments.gateways.port import EventAbout
from payments.models import (
    CardDispute,
    CardDisputeState,
    CardPayment,
    CardPaymentState,
    CardRefund,
    CardRefundState,
)
from payments.services import receive_transfer
from payments.services.cards import collect
from payments.services.cards.sweeping import talk
from payments.services.dunning import write_off
from tests.factories import make_customer
from tests.orders.factories import make_shop, order_of
from tests.payments.books import account, open_sums, standing
from tests.payments.cards import intended, provider, saved, tell
from tests.payments.disputes import NOON, delivered, dispute_of, entries, won


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize("decided_at_once", [False, True])
def test_a_won_dispute_ends_as_if_it_had_never_been(order: tuple[int, ...], decided_at_once: bool) -> None:
    """Opened, withdrawn, closed: told in any order, each twice, while it runs and after it was decided."""
    tenant, customer, _order, payment = delivered()
    opened = provider().dispute(payment.gateway_id)
    repeated = provider().event(
        "charge.dispute.updated", EventAbout.DISPUTE, dispute_of(payment), charge=payment.gateway_id
    )
    if not decided_at_once:
        tell(tenant, opened)
    messages = [opened, repeated, won(payment)]
    tell(tenant, *(messages[index] for index in order * 2))
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.SUCCEEDED
        assert (standing(customer), account("card_clearing"), open_sums()) == ((0, 0), 33_000, [0])
        booked = 0 if decided_at_once else 1
        assert (entries(Reason.CHARGEBACK), entries(Reason.CHARGEBACK_REVERSED)) == (booked, booked)
        assert CardDispute.objects.get().state == CardDisputeState.WON
        assert verify() == []


def test_a_lost_dispute_stays_as_it_was_booked() -> None:
    tenant, customer, _order, payment = delivered()
    tell(tenant, provider().dispute(payment.gateway_id))
    tell(tenant, provider().close_dispute(dispute_of(payment), won=False))
    with tenant_context(tenant):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.CHARGED_BACK
        assert (standing(customer), account("card_clearing")) == ((33_000, 0), 0)
        assert CardDispute.objects.get().state == CardDisputeState.LOST
        assert verify() == []


def test_what_was_paid_meanwhile_makes_what_comes_back_a_deposit() -> None:
    tenant, customer, _order, payment = delivered()
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        receive_transfer(
            amount=13_000,
            payer_name="ｶ)ｱｸﾒ",
            received_on=date(2026, 11, 10),
            reference="1",
            customer=customer,
        )
        assert open_sums() == [20_000]
    tell(tenant, won(payment))
    with tenant_context(tenant):
        assert (standing(customer), open_sums()) == ((0, 13_000), [0])
        assert account("card_clearing") == 33_000
        assert verify() == []


def test_what_was_written_off_meanwhile_is_recovered() -> None:
    tenant, customer, _order, payment = delivered()
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        write_off(document=Document.objects.get(), reason="倒産")
    tell(tenant, won(payment))
    with tenant_context(tenant):
        assert (standing(customer), account("bad_debt"), account("card_clearing")) == ((0, 0), 0, 33_000)
        assert verify() == []


def test_cancelled_meanwhile_it_goes_back_to_the_card() -> None:
    """The return lowers what the chargeback opened; what the won dispute brings is the customer's (A14)."""
    tenant, customer, order, payment = delivered()
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        cancel(order=order)
        assert (standing(customer), open_sums()) == ((0, 0), [0])
    tell(tenant, won(payment))
    talk(tenant.pk)
    with tenant_context(tenant):
        refund = CardRefund.objects.get()
        assert (refund.amount, refund.state) == (33_000, CardRefundState.SUCCEEDED)
        assert (standing(customer), account("card_clearing")) == ((0, 0), 0)
        assert verify() == []


def test_a_debit_order_has_its_claim_again() -> None:
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        order = order_of(customer, card=saved(customer, funding="debit"))
        payment = CardPayment.objects.get()
    tell(tenant, provider().dispute(payment.gateway_id))
    tell(tenant, won(payment))
    deliver(order=order)
    with tenant_context(tenant):
        assert (standing(customer), open_sums(), account("card_clearing")) == ((0, 0), [0], 33_000)
        assert verify() == []


def test_bad_debt_of_a_chargeback_is_taken_back() -> None:
    """33,000 that had become deposit and was used elsewhere: nothing is left to ask for."""
    tenant = make_shop()
    with tenant_context(tenant):
        customer = make_customer(pays="card")
        payment = collect(intended(saved(customer)))
        order_of(customer, payment_method="deposit")
    tell(tenant, provider().dispute(payment.gateway_id))
    with tenant_context(tenant):
        assert (account("bad_debt"), standing(customer)) == (33_000, (0, 33_000))
    tell(tenant, won(payment))
    with tenant_context(tenant):
        assert (account("bad_debt"), standing(customer)) == (0, (0, 33_000))
        assert account("card_clearing") == 33_000
        assert verify() == []
