"""Everything that waits for the provider, done or tried again under the same keys.

Whoever intends something has it done after the commit; what was left by a process that died, or by a
provider that did not answer, is found here each minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import Model, Q

from billing_project import clock
from billing_project.tenancy.context import tenant_context
from payments.models import Card, CardPayment, CardPaymentState, CardRefund, CardRefundState, GatewayEvent
from payments.services.cards.charging import cancel_at_provider, collect
from payments.services.cards.events import handle_event, note_failure
from payments.services.cards.refunding import give_back
from payments.services.cards.saving import forget_card

log = structlog.get_logger(__name__)
BATCH = 50
LEFT_ALONE = timedelta(seconds=90)
"""Whoever intended a charge has this long to ask for it himself."""
TRIED_FOR = timedelta(days=3)
"""As long as a provider repeats an event that is not taken; then a person has to look."""


def talk(tenant_id: int) -> None:
    """Does what can be done now; one thing that fails holds up no other. Opens its own transactions."""
    for act, rows in (
        (handle_event, _events(tenant_id)),
        (collect, _unanswered(tenant_id)),
        (cancel_at_provider, _to_cancel(tenant_id)),
        (give_back, _refunds(tenant_id)),
        (forget_card, _to_forget(tenant_id)),
    ):
        _each(act, rows)


def _each(act: Callable[[Any], object], rows: Iterable[Model]) -> None:
    for row in rows:
        try:
            act(row)
        except Exception as error:
            log.warning("card_talk_failed", about=row._meta.model_name, pk=row.pk, error=str(error))
            if isinstance(row, GatewayEvent):
                note_failure(row, error)


def _events(tenant_id: int) -> list[GatewayEvent]:
    now = clock.now()
    young = Q(received_at__gte=now - TRIED_FOR)
    rested = Q(try_at=None) | Q(try_at__lte=now)
    with tenant_context(tenant_id):
        waiting = GatewayEvent.objects.filter(young, rested, handled_at=None)
        return list(waiting.order_by("received_at", "id")[:BATCH])


def _unanswered(tenant_id: int) -> list[CardPayment]:
    asked = Q(intended_at__lte=clock.now() - LEFT_ALONE)
    with tenant_context(tenant_id):
        waiting = CardPayment.objects.filter(asked, state=CardPaymentState.INTENDED)
        return list(waiting.order_by("intended_at")[:BATCH])


def _to_cancel(tenant_id: int) -> list[CardPayment]:
    known = ~Q(gateway_id="") | Q(intended_at__lte=clock.now() - LEFT_ALONE)
    with tenant_context(tenant_id):
        waiting = CardPayment.objects.filter(known, state=CardPaymentState.RELEASED, settled_at=None)
        return list(waiting.order_by("intended_at")[:BATCH])


def _refunds(tenant_id: int) -> list[CardRefund]:
    with tenant_context(tenant_id):
        waiting = CardRefund.objects.filter(state=CardRefundState.INTENDED)
        return list(waiting.order_by("intended_at")[:BATCH])


def _to_forget(tenant_id: int) -> list[Card]:
    with tenant_context(tenant_id):
        waiting = Card.objects.filter(removed_at__isnull=False, forgotten_at=None)
        return list(waiting.order_by("removed_at")[:BATCH])
