"""Charging, refunding and charging back, with the provider that does as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from ledger.models import CustomerBalance
from ledger.verification import verify
from payments.gateways import using
from payments.gateways.playing import PlayingGateway
from payments.models import CardPayment, CardPaymentState, CardRefundState, CardSettlement, CardSetupState
from payments.services.cards import (
    collect,
    finish_setup,
    intend_refund,
    record_card_settlement,
    release,
    remove_card,
)
from payments.services.cards.sweeping import talk
from tests.acts import at, refused
from tests.factories import make_customer
from tests.payments.books import account
from tests.payments.cards import PlayingCard, intended, provider, saved, visit

NOON = at("2026-11-10 12:00")
LATER = at("2026-11-10 12:05")
NEXT_DAY = at("2026-11-11 12:00")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON), using(PlayingGateway()):
        yield


@pytest.fixture
def acme(tenant: Tenant) -> Customer:
    with tenant_context(tenant):
        return make_customer(pays="card")


def charged(acme: Customer, amount: int = 33_000, **behaviour: Any) -> CardPayment:
    card = saved(acme, **behaviour)
    with tenant_context(acme.tenant_id):
        payment = intended(card, amount)
    return collect(payment)


def deposit(customer: Customer) -> tuple[int, int]:
    row = CustomerBalance.objects.get(customer=customer)
    return row.deposit, row.reserved


@pytest.mark.parametrize("brand", ["visa", "mastercard", "jcb", "amex", "diners"])
@pytest.mark.parametrize("funding", ["credit", "debit"])
def test_credit_and_debit_cards_of_five_brands_are_accepted(acme: Customer, brand: str, funding: str) -> None:
    card = saved(acme, brand=brand, funding=funding)
    assert (card.brand, card.funding, card.last4) == (brand, funding, "4242")


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({"funding": "prepaid"}, Code.CARD_PREPAID),
        ({"brand": "unionpay"}, Code.CARD_BRAND_NOT_ACCEPTED),
    ],
)
def test_other_cards_are_refused_and_forgotten(acme: Customer, card: dict[str, str], code: Code) -> None:
    setup = visit(acme)
    provider().enter(setup.session, PlayingCard(**card))  # type: ignore[arg-type]
    for _again in range(2):
        with refused(code):
            finish_setup(setup)
    assert len(provider().forgotten) == 1
    with tenant_context(acme.tenant_id):
        setup.refresh_from_db()
        assert (setup.state, setup.refusal, setup.card) == (CardSetupState.REFUSED, code.value, None)


def test_a_page_left_without_a_card_can_be_opened_again_until_it_expires(acme: Customer) -> None:
    setup = visit(acme)
    with refused(Code.LINK_EXPIRED):
        finish_setup(setup)
    provider().enter(setup.session, PlayingCard())
    assert finish_setup(setup).pk == finish_setup(setup).pk
    late = visit(acme)
    provider().leave(late.session)
    with refused(Code.LINK_EXPIRED):
        finish_setup(late)


def test_a_provider_that_is_away_is_said_so(acme: Customer) -> None:
    provider().away = True
    with refused(Code.CARD_PROVIDER_AWAY):
        visit(acme)


def test_what_is_charged_and_booked_by_nobody_is_deposit(acme: Customer) -> None:
    payment = charged(acme)
    with tenant_context(acme.tenant_id):
        assert payment.state == CardPaymentState.SUCCEEDED
        assert deposit(acme) == (33_000, 0)
        assert account("card_clearing") == 33_000
        assert verify() == []


def test_asked_twice_it_is_charged_once(acme: Customer) -> None:
    payment = charged(acme)
    collect(payment)
    talk(acme.tenant_id)
    assert len(provider().charges) == 1
    with tenant_context(acme.tenant_id):
        assert account("card_clearing") == 33_000


def test_one_attempt_at_a_time_for_the_same_thing(acme: Customer) -> None:
    card = saved(acme)
    with tenant_context(acme.tenant_id):
        first = intended(card, reference=7)
        assert intended(card, reference=7).pk == first.pk


def test_a_lost_answer_is_asked_for_again_under_the_same_key(acme: Customer) -> None:
    card = saved(acme)
    provider().lose["charge"] = 1
    with tenant_context(acme.tenant_id):
        payment = intended(card)
    assert collect(payment).state == CardPaymentState.INTENDED
    talk(acme.tenant_id)
    with tenant_context(acme.tenant_id):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.INTENDED, "whoever intended it may still be at it"
    with clock.frozen(LATER):
        talk(acme.tenant_id)
    with tenant_context(acme.tenant_id):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.SUCCEEDED
    assert len(provider().charges) == 1


def test_after_the_key_is_forgotten_what_was_done_is_looked_for_first(acme: Customer) -> None:
    card = saved(acme)
    provider().lose["charge"] = 1
    with tenant_context(acme.tenant_id):
        lost, never = intended(card), intended(card)
    collect(lost)
    with clock.frozen(NEXT_DAY):
        talk(acme.tenant_id)
    looked_for = [about for name, about in provider().calls if name == "find_charge"]
    assert looked_for == [str(lost.public_id), str(never.public_id)]
    asked = [wish.key for name, wish in provider().calls if name == "charge"]
    assert asked == looked_for
    with tenant_context(acme.tenant_id):
        lost.refresh_from_db()
        never.refresh_from_db()
        assert (lost.state, never.state) == ("succeeded", "succeeded")
        provider().lose["refund"] = 1
        intend_refund(card_payment=lost, amount=33_000)
    talk(acme.tenant_id)
    with clock.frozen(NEXT_DAY):
        talk(acme.tenant_id)
    assert [name for name, _about in provider().calls if "refund" in name] == ["refund", "find_refund"]
    with tenant_context(acme.tenant_id):
        assert account("card_clearing") == 33_000
        assert verify() == []


def test_a_refused_card_is_charged_nothing(acme: Customer) -> None:
    payment = charged(acme, declined_from=1)
    assert (payment.state, payment.decline_code) == (CardPaymentState.FAILED, "card_declined")
    with tenant_context(acme.tenant_id):
        assert account("card_clearing") == 0


def test_declined_from_the_second_charge(acme: Customer) -> None:
    card = saved(acme, declined_from=2)
    with tenant_context(acme.tenant_id):
        payments = [intended(card), intended(card)]
    assert [collect(each).state for each in payments] == ["succeeded", "failed"]


def test_a_holder_who_has_to_confirm_is_waited_for(acme: Customer) -> None:
    payment = charged(acme, confirms_from=1)
    assert payment.state == CardPaymentState.NEEDS_CUSTOMER
    assert payment.confirm_url.endswith(f"/cards/payments/{payment.public_id}/")


def test_released_before_the_answer_the_money_goes_back(acme: Customer) -> None:
    card = saved(acme)
    provider().lose["charge"] = 1
    with tenant_context(acme.tenant_id):
        payment = intended(card)
    collect(payment)
    with tenant_context(acme.tenant_id):
        release(payment)
    with clock.frozen(LATER):
        talk(acme.tenant_id)
        talk(acme.tenant_id)
    with tenant_context(acme.tenant_id):
        payment.refresh_from_db()
        assert (payment.state, payment.refunded) == (CardPaymentState.LATE, 33_000)
        assert deposit(acme) == (0, 0)
        assert account("card_clearing") == 0
        assert verify() == []


def test_released_while_its_holder_is_waited_for_it_is_cancelled(acme: Customer) -> None:
    payment = charged(acme, confirms_from=1)
    with tenant_context(acme.tenant_id):
        release(payment)
    talk(acme.tenant_id)
    assert provider().charges[payment.gateway_id].seen.outcome == "cancelled"
    with tenant_context(acme.tenant_id):
        payment.refresh_from_db()
        assert payment.state == CardPaymentState.RELEASED
        assert payment.settled_at == NOON


def test_a_refund_is_reserved_until_it_is_back_on_the_card(acme: Customer) -> None:
    payment = charged(acme)
    provider().lose["refund"] = 1
    with tenant_context(acme.tenant_id):
        refund = intend_refund(card_payment=payment, amount=10_000)
        assert deposit(acme) == (33_000, 10_000)
    talk(acme.tenant_id)
    talk(acme.tenant_id)
    with tenant_context(acme.tenant_id):
        refund.refresh_from_db()
        assert refund.state == CardRefundState.SUCCEEDED
        assert deposit(acme) == (23_000, 0)
        assert account("card_clearing") == 23_000
        assert verify() == []


def test_no_more_is_refunded_than_was_charged(acme: Customer) -> None:
    payment = charged(acme)
    with tenant_context(acme.tenant_id):
        intend_refund(card_payment=payment, amount=30_000)
        for amount in (3_001, 0, -1):
            with refused(Code.INVALID_AMOUNT):
                intend_refund(card_payment=payment, amount=amount)
        intend_refund(card_payment=payment, amount=3_000)


def test_a_refund_that_fails_leaves_free_deposit(acme: Customer) -> None:
    payment = charged(acme)
    provider().refunds_fail = "expired_or_canceled_card"
    with tenant_context(acme.tenant_id):
        refund = intend_refund(card_payment=payment, amount=33_000)
    talk(acme.tenant_id)
    with tenant_context(acme.tenant_id):
        refund.refresh_from_db()
        payment.refresh_from_db()
        assert (refund.state, refund.error) == (CardRefundState.FAILED, "expired_or_canceled_card")
        assert payment.refunded == 0
        assert deposit(acme) == (33_000, 0)
        assert verify() == []


def test_a_removed_card_is_not_charged_and_forgotten_by_the_provider(acme: Customer) -> None:
    card = saved(acme)
    with tenant_context(acme.tenant_id):
        remove_card(card=card)
        card.refresh_from_db()
        with refused(Code.CARD_DECLINED):
            intended(card)
    talk(acme.tenant_id)
    assert provider().forgotten == {card.gateway_id}


def test_the_card_companys_settlement_is_booked_once(acme: Customer) -> None:
    charged(acme)
    with tenant_context(acme.tenant_id):
        for _again in range(2):
            record_card_settlement(amount=31_812, fees=1_188, on=NOON.date(), reference="po_1")
        assert CardSettlement.objects.count() == 1
        assert (account("bank"), account("card_fees"), account("card_clearing")) == (31_812, 1_188, 0)
        with refused(Code.ALREADY_PAID):
            record_card_settlement(amount=1, fees=0, on=NOON.date(), reference="po_1")
        for amount, fees in ((0, 0), (1, -1)):
            with refused(Code.INVALID_AMOUNT):
                record_card_settlement(amount=amount, fees=fees, on=NOON.date(), reference="po_2")
        with refused(Code.INVALID_DATE):
            record_card_settlement(amount=1, fees=0, on=NEXT_DAY.date(), reference="po_2")
        with refused(Code.INVALID_INPUT):
            record_card_settlement(amount=1, fees=0, on=NOON.date(), reference=" ")
