"""Charging a card: what is intended, asked, answered, and given up."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from payments.gateways import gateway
from payments.gateways.port import (
    ChargeOutcome,
    ChargeSeen,
    ChargeWish,
    GatewayError,
    Rejected,
)
from payments.models import Card, CardHolder, CardPayment, CardPaymentState, CardPurpose
from payments.rules.cards import KEY_HOLDS
from payments.services.cards.answers import ANSWERED_BEFORE, settle_charge

log = structlog.get_logger(__name__)


@transaction.atomic
def intend(
    *, card: Card, amount: int, purpose: CardPurpose, reference: int, order_number: str
) -> CardPayment:
    """Writes down that the card is to be charged with this sum in yen, in the caller's transaction.

    An attempt for the same (purpose, reference) that is under way or has succeeded is given back instead.
    After the commit call `collect`; a sweep does it when nobody does. Raises Refusal `card_declined` for a
    card that was removed.
    """
    known: CardPayment | None = CardPayment.objects.filter(
        purpose=purpose, reference=reference, state__in=ANSWERED_BEFORE
    ).first()
    if known is not None:
        return known
    if card.removed_at is not None:
        raise Refusal(Code.CARD_DECLINED, _("This card was removed. Please use another card."))
    payment: CardPayment = CardPayment.objects.create(
        customer_id=card.customer_id,
        card=card,
        purpose=purpose,
        reference=reference,
        order_number=order_number,
        amount=amount,
        intended_at=clock.now(),
    )
    record("card_charge_intended", payment, amount=amount, order_number=order_number)
    return payment


def collect(card_payment: CardPayment) -> CardPayment:
    """Asks the provider to charge it, and writes down the answer; asked twice, it charges once.

    Opens a tenant context of its own for the result: call it outside of a transaction. Sends
    `card_payment_succeeded`, `card_payment_failed` or `card_payment_needs_customer` inside that transaction.
    An answer that is lost leaves it `INTENDED`. Gives the row as it stands then.
    """
    tenant_id = card_payment.tenant_id
    with tenant_context(tenant_id):
        payment: CardPayment = CardPayment.objects.select_related("card").get(pk=card_payment.pk)
        wish = _wish(payment)
    if payment.state != CardPaymentState.INTENDED:
        return payment
    seen = _answer(payment, wish)
    return payment if seen is None else _write_down(payment, seen)


def refresh(card_payment: CardPayment) -> CardPayment:
    """Asks the provider how the charge stands, and writes that down; as `collect` where it never answered.

    Raises GatewayError when it does not answer. Call it outside of a transaction.
    """
    if not card_payment.gateway_id:
        return collect(card_payment)
    return _write_down(card_payment, gateway().read_charge(card_payment.gateway_id))


def confirm(card_payment: CardPayment, *, return_url: str) -> str:
    """The card holder is here to confirm: the provider's address to send the browser to, empty when nothing
    is left to confirm. Call it outside of a transaction. Raises Refusal `card_provider_away`.
    """
    if card_payment.state != CardPaymentState.NEEDS_CUSTOMER:
        return ""
    try:
        seen = gateway().confirm(card_payment.gateway_id, return_url=return_url)
    except GatewayError as error:
        log.warning("card_confirmation_not_begun", card_payment=card_payment.pk, error=str(error))
        raise Refusal(Code.CARD_PROVIDER_AWAY) from error
    if seen.outcome == ChargeOutcome.NEEDS_CUSTOMER:
        return seen.confirm_url
    _write_down(card_payment, seen)
    return ""


@transaction.atomic
def release(card_payment: CardPayment) -> None:
    """Nothing is to be charged any more: what waits for its holder is cancelled at the provider after the
    commit; what succeeds all the same is refunded. In the caller's transaction.
    """
    from payments.tasks import talk_about_cards

    payment = CardPayment.objects.select_for_update().get(pk=card_payment.pk)
    if payment.state not in (CardPaymentState.INTENDED, CardPaymentState.NEEDS_CUSTOMER):
        return
    payment.state = CardPaymentState.RELEASED
    payment.save(update_fields=["state"])
    record("card_charge_released", payment)
    talk_about_cards.enqueue()


def cancel_at_provider(card_payment: CardPayment) -> None:
    """Tells the provider that a released charge is not wanted; what it has charged all the same is given
    back. Raises GatewayError when it does not answer. Call it outside of a transaction.
    """
    seen = _cancelled(card_payment)
    with tenant_context(card_payment.tenant_id):
        payment = settle_charge(card_payment, seen) if seen else card_payment
        if payment.state == CardPaymentState.RELEASED:
            CardPayment.objects.filter(pk=payment.pk).update(settled_at=clock.now())


def _cancelled(payment: CardPayment) -> ChargeSeen | None:
    """None when the provider knows nothing of it."""
    charge = payment.gateway_id
    if not charge:
        with tenant_context(payment.tenant_id):
            wish = _wish(payment)
        found = gateway().find_charge(key=wish.key, holder=wish.holder)
        charge = found.id if found else ""
    return gateway().cancel(charge) if charge else None


def _wish(payment: CardPayment) -> ChargeWish:
    return ChargeWish(
        key=str(payment.public_id),
        holder=CardHolder.objects.get(customer=payment.customer_id).gateway_id,
        card=payment.card.gateway_id,
        amount=payment.amount,
        order_number=payment.order_number,
        tenant=current_tenant().slug,
    )


def _answer(payment: CardPayment, wish: ChargeWish) -> ChargeSeen | None:
    """None when it is not known. What the provider does not do at all was not charged."""
    try:
        is_old = clock.now() - payment.intended_at >= KEY_HOLDS
        found = gateway().find_charge(key=wish.key, holder=wish.holder) if is_old else None
        return found or gateway().charge(wish)
    except Rejected as error:
        return ChargeSeen("", ChargeOutcome.DECLINED, decline_code=error.code[:60])
    except GatewayError as error:
        log.warning("card_charge_not_answered", card_payment=payment.pk, error=str(error))
        return None


def _write_down(payment: CardPayment, seen: ChargeSeen) -> CardPayment:
    with tenant_context(payment.tenant_id):
        return settle_charge(payment, seen)
