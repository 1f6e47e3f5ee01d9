"""What the provider tells: stored once as it came, then acted on.

An event only says that there is news. How things stand is asked of the provider, so that late, repeated and
swapped events do no harm. A dispute alone is taken at its word.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db import transaction

from billing_project import clock
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from payments.gateways import gateway
from payments.gateways.port import ChargeSeen, EventAbout, EventSeen, GatewayError, UnknownAnswer
from payments.models import CardPayment, CardRefund, CardSetup, GatewayEvent
from payments.services.cards.answers import settle_charge
from payments.services.cards.charging_back import charge_back
from payments.services.cards.refunding import settle_refund
from payments.services.cards.saving import finish_setup

log = structlog.get_logger(__name__)


@transaction.atomic
def receive_event(*, body: bytes, signature: str) -> bool:
    """Stores a message of the provider once and has it acted on after the commit; False: not for this tenant.

    One account at the provider serves several tenants, and its messages come to all of them. Raises
    BadSignature for a message that is not the provider's.
    """
    from payments.tasks import talk_about_cards

    event = gateway().parse_event(body, signature)
    if not _is_ours(event):
        return False
    row = GatewayEvent(
        event_id=event.id, kind=event.kind, payload=dict(event.payload), received_at=clock.now()
    )
    GatewayEvent.objects.bulk_create([row], ignore_conflicts=True)
    talk_about_cards.enqueue()
    return True


def handle_event(row: GatewayEvent) -> None:
    """Acts on a stored message. Raises GatewayError when the provider has to be asked and does not answer.

    Call it outside of a transaction.
    """
    event = gateway().understand(row.payload)
    act = _ACTS.get(event.about)
    error = act(row.tenant_id, event) if act else ""
    with tenant_context(row.tenant_id):
        GatewayEvent.objects.filter(pk=row.pk).update(handled_at=clock.now(), error=error)


def note_failure(row: GatewayEvent, error: Exception) -> None:
    """Leaves the message waiting, with what went wrong."""
    with tenant_context(row.tenant_id):
        text = f"{type(error).__name__}: {error}"
        GatewayEvent.objects.filter(pk=row.pk, handled_at=None).update(error=text)


def _is_ours(event: EventSeen) -> bool:
    if event.tenant:
        return event.tenant == current_tenant().slug
    if event.about == EventAbout.REFUND:
        return CardRefund.objects.filter(gateway_id=event.subject).exists()
    return CardPayment.objects.filter(gateway_id=event.subject).exclude(gateway_id="").exists()


def _on_setup(tenant_id: int, event: EventSeen) -> str:
    with tenant_context(tenant_id):
        setup = CardSetup.objects.filter(session=event.subject).first()
    if setup is None:
        raise UnknownAnswer("The page is not written down yet.")
    try:
        finish_setup(setup)
    except Refusal as refusal:
        return refusal.code.value
    return ""


def _on_charge(tenant_id: int, event: EventSeen) -> str:
    payment = _charge(tenant_id, event)
    if payment is None:
        return "unknown"
    seen = gateway().read_charge(event.subject)
    _settle(payment, seen)
    return ""


def _on_refund(tenant_id: int, event: EventSeen) -> str:
    with tenant_context(tenant_id):
        refund = (
            CardRefund.objects.filter(gateway_id=event.subject).first()
            or CardRefund.objects.filter(public_id=_uuid(event.key)).first()
        )
    if refund is None:
        return "unknown"
    seen = gateway().read_refund(event.subject)
    with tenant_context(tenant_id):
        settle_refund(refund, seen)
    return ""


def _on_dispute(tenant_id: int, event: EventSeen) -> str:
    """A charge that we do not know to have succeeded yet must have: that is written down first."""
    payment = _charge(tenant_id, event)
    if payment is None:
        return "unknown"
    seen = gateway().read_charge(event.subject)
    with tenant_context(tenant_id):
        charge_back(card_payment=settle_charge(payment, seen), amount=event.amount)
    return ""


def _charge(tenant_id: int, event: EventSeen) -> CardPayment | None:
    with tenant_context(tenant_id):
        found: CardPayment | None = (
            CardPayment.objects.filter(gateway_id=event.subject).first()
            or CardPayment.objects.filter(public_id=_uuid(event.key)).first()
        )
        return found


def _settle(payment: CardPayment, seen: ChargeSeen) -> None:
    with tenant_context(payment.tenant_id):
        settle_charge(payment, seen)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


_ACTS = {
    EventAbout.SETUP: _on_setup,
    EventAbout.CHARGE: _on_charge,
    EventAbout.REFUND: _on_refund,
    EventAbout.DISPUTE: _on_dispute,
}

__all__ = ["GatewayError", "handle_event", "note_failure", "receive_event"]
