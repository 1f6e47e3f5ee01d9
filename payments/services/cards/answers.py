"""What the provider said of a charge, written down once; a state never goes backwards."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from billing_project import clock
from billing_project.audit.services import record
from billing_project.outbox.letters import site_url
from ledger.models import Entry, Reason
from payments.gateways.port import ChargeOutcome, ChargeSeen
from payments.models import CardPayment, CardPaymentState
from payments.services.cards.booking import book_to_deposit
from payments.services.cards.refunding import intend_refund
from payments.signals import (
    card_payment_answered,
    card_payment_failed,
    card_payment_needs_customer,
    card_payment_succeeded,
)

WAITING = (CardPaymentState.INTENDED, CardPaymentState.NEEDS_CUSTOMER)
GIVEN_UP = (CardPaymentState.RELEASED, CardPaymentState.FAILED)
ANSWERED_BEFORE = (*WAITING, CardPaymentState.SUCCEEDED)


@transaction.atomic
def settle_charge(card_payment: CardPayment, seen: ChargeSeen) -> CardPayment:
    """Writes down how the charge stands; told again, or too late, it changes nothing.

    A charge that succeeds after it was given up becomes deposit and is refunded. In the caller's tenant
    context; whom it concerns takes its locks first, then the card payment is locked.
    """
    card_payment_answered.send(sender=CardPayment, card_payment=card_payment)
    payment: CardPayment = (
        CardPayment.objects.select_for_update(of=("self",)).select_related("card").get(pk=card_payment.pk)
    )
    if seen.id and not payment.gateway_id:
        payment.gateway_id = seen.id
        payment.save(update_fields=["gateway_id"])
    if seen.outcome == ChargeOutcome.SUCCEEDED:
        _succeed(payment)
    elif seen.outcome in (ChargeOutcome.DECLINED, ChargeOutcome.CANCELLED):
        _fail(payment, seen.decline_code or seen.outcome.value)
    elif seen.outcome == ChargeOutcome.NEEDS_CUSTOMER:
        _ask_holder(payment)
    return payment


def _succeed(payment: CardPayment) -> None:
    if payment.state in WAITING:
        _move(payment, CardPaymentState.SUCCEEDED)
        card_payment_succeeded.send(sender=CardPayment, card_payment=payment)
        if not Entry.objects.filter(reason=Reason.CARD_CHARGED, source_id=payment.pk).exists():
            book_to_deposit(card_payment=payment)
    elif payment.state in GIVEN_UP:
        _move(payment, CardPaymentState.LATE)
        book_to_deposit(card_payment=payment)
        intend_refund(card_payment=payment, amount=payment.amount, reason="charged too late")


def _fail(payment: CardPayment, code: str) -> None:
    if payment.state in WAITING:
        payment.decline_code = code[:60]
        _move(payment, CardPaymentState.FAILED)
        card_payment_failed.send(sender=CardPayment, card_payment=payment)


def _ask_holder(payment: CardPayment) -> None:
    if payment.state != CardPaymentState.INTENDED:
        return
    payment.confirm_url = site_url(reverse("cards:payment", args=[payment.public_id]))
    _move(payment, CardPaymentState.NEEDS_CUSTOMER)
    card_payment_needs_customer.send(sender=CardPayment, card_payment=payment)


def _move(payment: CardPayment, state: CardPaymentState) -> None:
    payment.state = state
    payment.settled_at = None if state in WAITING else clock.now()
    payment.save(update_fields=["state", "decline_code", "confirm_url", "settled_at"])
    record(f"card_charge_{state.value}", payment, amount=payment.amount, decline_code=payment.decline_code)
