"""Giving money back to the card it came from (A4, A14)."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import QuerySet

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from ledger.models import Account, Reason, ReservedFor
from ledger.reservations import free, release, reserve
from ledger.services import Posting, lock_balance, post
from payments.gateways import gateway
from payments.gateways.port import GatewayError, RefundOutcome, RefundSeen, RefundWish, Rejected
from payments.models import CardPayment, CardPaymentState, CardRefund, CardRefundState
from payments.rules.cards import KEY_HOLDS, check_refund
from payments.services.cards.booking import today
from payments.services.cards.taking_back import book_taken_back

log = structlog.get_logger(__name__)
CHARGED = (CardPaymentState.SUCCEEDED, CardPaymentState.LATE)


@transaction.atomic
def intend_refund(*, card_payment: CardPayment, amount: int, reason: str = "") -> CardRefund:
    """Reserves the sum in yen of the customer's free deposit and asks for its refund after the commit.

    The caller has made the sum free deposit (a return's surplus, a released reservation) in the same
    transaction. Back on the card, it is booked deposit / card clearing; a refund that fails for good leaves
    it as free deposit and shows in the operators' inbox. Raises Refusal `invalid_amount` for more than was
    charged and not yet refunded, `insufficient_deposit` when it is not free.
    """
    from payments.tasks import talk_about_cards

    payment = CardPayment.objects.select_for_update().get(pk=card_payment.pk)
    check_refund(amount=amount, left=refundable(payment))
    if free(lock_balance(payment.customer_id)) < amount:
        raise Refusal(Code.INSUFFICIENT_DEPOSIT)
    refund: CardRefund = CardRefund.objects.create(
        payment=payment, amount=amount, reason=reason, intended_at=clock.now()
    )
    reserve(customer_id=payment.customer_id, purpose=ReservedFor.REFUND, source_id=refund.pk, amount=amount)
    _count(payment, amount)
    record("card_refund_intended", payment, amount=amount, reason=reason)
    talk_about_cards.enqueue()
    return refund


def refundable(card_payment: CardPayment) -> int:
    """What can still be given back, in yen: nothing of a charge that was refused or charged back."""
    return card_payment.amount - card_payment.refunded if card_payment.state in CHARGED else 0


def give_back(refund: CardRefund) -> CardRefund:
    """Asks the provider for the refund, and writes down its answer; asked twice, it is given back once.

    An answer that is lost leaves it `INTENDED`. Call it outside of a transaction.
    """
    tenant_id = refund.tenant_id
    with tenant_context(tenant_id):
        found: CardRefund = CardRefund.objects.select_related("payment").get(pk=refund.pk)
        wish = _wish(found)
    if found.state != CardRefundState.INTENDED:
        return found
    seen = _answer(found, wish)
    if seen is None:
        return found
    with tenant_context(tenant_id):
        return settle_refund(found, seen)


def finish_refunds(card_payment: CardPayment) -> None:
    """Asks again for the charge's refunds that nobody has answered. Call it outside of a transaction."""
    with tenant_context(card_payment.tenant_id):
        waiting = list(unanswered_refunds(card_payment))
    for refund in waiting:
        give_back(refund)


def unanswered_refunds(card_payment: CardPayment) -> QuerySet[CardRefund]:
    """Those of which we do not know whether the provider has made them."""
    refunds: QuerySet[CardRefund] = CardRefund.objects.filter(payment=card_payment, gateway_id="")
    return refunds.filter(state=CardRefundState.INTENDED)


def refresh_refund(refund: CardRefund) -> CardRefund:
    """Asks the provider how the refund stands, and writes that down. GatewayError when it does not answer."""
    if not refund.gateway_id:
        return give_back(refund)
    seen = gateway().read_refund(refund.gateway_id)
    with tenant_context(refund.tenant_id):
        return settle_refund(refund, seen)


@transaction.atomic
def settle_refund(refund: CardRefund, seen: RefundSeen) -> CardRefund:
    """Writes down how the refund stands; told again it changes nothing. A failure is final, also after a
    success: then the money is the customer's free deposit again.
    """
    payment = CardPayment.objects.select_for_update().get(pk=refund.payment_id)
    locked: CardRefund = CardRefund.objects.select_for_update().get(pk=refund.pk)
    if seen.id and not locked.gateway_id:
        locked.gateway_id = seen.id
        locked.save(update_fields=["gateway_id"])
    if seen.outcome == RefundOutcome.SUCCEEDED and locked.state == CardRefundState.INTENDED:
        _succeed(payment, locked)
    elif seen.outcome == RefundOutcome.FAILED and locked.state != CardRefundState.FAILED:
        _fail(payment, locked, seen.error)
    return locked


@transaction.atomic
def note_foreign_refund(card_payment: CardPayment, seen: RefundSeen) -> None:
    """Books a refund that was made on the provider's own pages: no return stands behind it, so what the
    charge had paid is owed again. Told again it changes nothing.
    """
    payment = CardPayment.objects.select_for_update().get(pk=card_payment.pk)
    if seen.outcome != RefundOutcome.SUCCEEDED or CardRefund.objects.filter(gateway_id=seen.id).exists():
        return
    refund: CardRefund = CardRefund.objects.create(
        payment=payment,
        amount=seen.amount,
        reason="made at the provider",
        state=CardRefundState.SUCCEEDED,
        gateway_id=seen.id,
        intended_at=clock.now(),
        settled_at=clock.now(),
    )
    book_taken_back(payment, seen.amount, reason=Reason.CARD_REFUNDED, source_id=refund.pk)
    _count(payment, seen.amount)
    record("card_refund_foreign", payment, amount=seen.amount)


def _wish(refund: CardRefund) -> RefundWish:
    return RefundWish(
        key=str(refund.public_id),
        charge=refund.payment.gateway_id,
        amount=refund.amount,
        order_number=refund.payment.order_number,
        tenant=current_tenant().slug,
    )


def _answer(refund: CardRefund, wish: RefundWish) -> RefundSeen | None:
    try:
        is_old = clock.now() - refund.intended_at >= KEY_HOLDS
        found = gateway().find_refund(key=wish.key, charge=wish.charge) if is_old else None
        return found or gateway().refund(wish)
    except Rejected as error:
        return RefundSeen("", RefundOutcome.FAILED, error.code)
    except GatewayError as error:
        log.warning("card_refund_not_answered", card_refund=refund.pk, error=str(error))
        return None


def _succeed(payment: CardPayment, refund: CardRefund) -> None:
    release(customer_id=payment.customer_id, purpose=ReservedFor.REFUND, source_id=refund.pk)
    _book(payment, refund, Reason.CARD_REFUNDED, refund.amount)
    _settle(refund, CardRefundState.SUCCEEDED)


def _fail(payment: CardPayment, refund: CardRefund, error: str) -> None:
    if refund.state == CardRefundState.SUCCEEDED:
        _book(payment, refund, Reason.CARD_REFUND_FAILED, -refund.amount)
    else:
        release(customer_id=payment.customer_id, purpose=ReservedFor.REFUND, source_id=refund.pk)
    _count(payment, -refund.amount)
    refund.error = error[:200]
    _settle(refund, CardRefundState.FAILED)


def _book(payment: CardPayment, refund: CardRefund, reason: Reason, amount: int) -> None:
    post(
        booked_on=today(),
        reason=reason,
        source_id=refund.pk,
        memo=payment.order_number,
        postings=[
            Posting(Account.DEPOSIT, amount, payment.customer_id),
            Posting(Account.CARD_CLEARING, -amount),
        ],
    )


def _count(payment: CardPayment, amount: int) -> None:
    payment.refunded += amount
    payment.save(update_fields=["refunded"])


def _settle(refund: CardRefund, state: CardRefundState) -> None:
    refund.state, refund.settled_at = state, clock.now()
    refund.save(update_fields=["state", "error", "settled_at"])
    record(f"card_refund_{state.value}", refund.payment, amount=refund.amount, error=refund.error)
