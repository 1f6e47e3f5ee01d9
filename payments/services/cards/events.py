"""What the provider tells: stored once as it came, then acted on.

An event only says that there is news. How things stand is asked of the provider, so that late, repeated and
swapped events do no harm. What cannot be acted on yet stays, and is tried again.
"""

from __future__ import annotations

from uuid import UUID

import structlog

from accounts.models import Tenant
from billing_project import clock
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from payments.gateways import gateway
from payments.gateways.port import ChargeSeen, EventAbout, EventSeen, UnknownAnswer
from payments.models import CardPayment, CardRefund, CardSetup, GatewayEvent
from payments.rules.cards import pause_after
from payments.services.cards.answers import settle_charge
from payments.services.cards.disputing import settle_dispute
from payments.services.cards.refunding import finish_refunds, note_foreign_refund, settle_refund
from payments.services.cards.saving import finish_setup

log = structlog.get_logger(__name__)


class NotKnown(Exception):  # noqa: N818
    """The message is about something that we do not know, or not yet."""


def receive_event(*, tenant: Tenant, body: bytes, signature: str) -> bool:
    """Stores a message of the provider once and has it acted on after the commit; False: not for this tenant.

    One account at the provider serves several tenants, and its messages come to all of them. Raises
    BadSignature for a message that is not the provider's, GatewayError when the provider has to be asked
    whose it is and does not answer. Call it outside of a transaction.
    """
    event = gateway().parse_event(body, signature)
    if not _is_ours(tenant, event):
        return False
    with tenant_context(tenant):
        _store(event)
    return True


def _store(event: EventSeen) -> None:
    from payments.tasks import talk_about_cards

    row = GatewayEvent(
        event_id=event.id, kind=event.kind, payload=dict(event.payload), received_at=clock.now()
    )
    GatewayEvent.objects.bulk_create([row], ignore_conflicts=True)
    talk_about_cards.enqueue()


def handle_event(row: GatewayEvent) -> None:
    """Acts on a stored message. Raises GatewayError when the provider has to be asked and does not answer,
    NotKnown when it is about something that we do not know. Call it outside of a transaction.
    """
    event = gateway().understand(row.payload)
    act = _ACTS.get(event.about)
    error = act(row.tenant_id, event) if act else ""
    with tenant_context(row.tenant_id):
        GatewayEvent.objects.filter(pk=row.pk).update(handled_at=clock.now(), error=error)


def note_failure(row: GatewayEvent, error: Exception) -> None:
    """Leaves the message waiting, with what went wrong; it rests longer each time."""
    tries = row.tries + 1
    text = f"{type(error).__name__}: {error}"
    with tenant_context(row.tenant_id):
        waiting = GatewayEvent.objects.filter(pk=row.pk, handled_at=None)
        waiting.update(error=text, tries=tries, try_at=clock.now() + pause_after(tries))


def _is_ours(tenant: Tenant, event: EventSeen) -> bool:
    """What names no tenant belongs to the one that has its charge. While the number of a charge is not known
    here, because its answer was lost, the provider says whose it is.
    """
    if event.tenant:
        return event.tenant == tenant.slug
    charge = event.subject if event.about == EventAbout.CHARGE else event.charge
    if not charge:
        return False
    with tenant_context(tenant):
        if CardPayment.objects.filter(gateway_id=charge).exists():
            return True
        if not CardPayment.objects.filter(gateway_id="").exists():
            return False
    return gateway().read_charge(charge).tenant == tenant.slug


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
    _settled(tenant_id, event.subject)
    return ""


def _on_refund(tenant_id: int, event: EventSeen) -> str:
    """One that we did not ask for was made on the provider's own pages: its charge is written down first."""
    seen = gateway().read_refund(event.subject)
    with tenant_context(tenant_id):
        refund = (
            CardRefund.objects.filter(gateway_id=event.subject).first()
            or CardRefund.objects.filter(public_id=_uuid(event.key)).first()
        )
    payment = None if refund or event.key else _settled(tenant_id, seen.charge)
    with tenant_context(tenant_id):
        if refund is not None:
            settle_refund(refund, seen)
        elif payment is not None:
            note_foreign_refund(payment, seen)
        else:
            raise NotKnown(f"There is no refund {event.key}.")
    return ""


def _on_dispute(tenant_id: int, event: EventSeen) -> str:
    """A charge that we do not know to have succeeded yet must have: that is written down first, and whether
    what we wanted to give back of it went back, since of what went back nothing is taken.
    """
    seen = gateway().read_dispute(event.subject)
    payment = _settled(tenant_id, seen.charge)
    finish_refunds(payment)
    with tenant_context(tenant_id):
        settle_dispute(card_payment=payment, seen=seen)
    return ""


def _settled(tenant_id: int, charge: str) -> CardPayment:
    """The card payment of this charge, written down as the provider says it stands."""
    seen = gateway().read_charge(charge)
    with tenant_context(tenant_id):
        return settle_charge(_payment_of(seen), seen)


def _payment_of(seen: ChargeSeen) -> CardPayment:
    """By the provider's number, else by our own: the answer that brings the number may have been lost."""
    found: CardPayment | None = (
        CardPayment.objects.filter(gateway_id=seen.id).first()
        or CardPayment.objects.filter(public_id=_uuid(seen.key)).first()
    )
    if found is None:
        raise NotKnown(f"There is no charge {seen.id}.")
    return found


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
