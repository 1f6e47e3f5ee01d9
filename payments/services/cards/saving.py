"""Saving a card through the provider's page (A2, A3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from django.db import transaction

from accounts.models import Customer, Member
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from payments.gateways import gateway
from payments.gateways.port import CardSeen, GatewayError, Misconfigured, OpenedSetup, SetupOutcome
from payments.models import Card, CardHolder, CardSetup, CardSetupState
from payments.rules.cards import card_refusal
from payments.signals import card_removed, card_saved

log = structlog.get_logger(__name__)
Continuation = Callable[[CardSetup, Card], str]
_continuations: dict[str, Continuation] = {}


def start_setup(
    *,
    customer: Customer,
    member: Member | None,
    return_url: str,
    cancel_url: str,
    purpose: str = "",
    reference: int | None = None,
    draft: dict[str, Any] | None = None,
) -> CardSetup:
    """Opens the provider's page for entering a card; its `url` is where to send the browser.

    `return_url` gets `?setup=<public id>` added. Call it outside of a transaction. Raises Refusal
    `card_provider_away` when the provider does not answer, `method_not_offered` when none is set up.
    """
    with tenant_context(customer.tenant_id):
        setup: CardSetup = CardSetup.objects.create(
            customer=customer,
            member=member,
            purpose=purpose,
            reference=reference,
            draft=draft or {},
            asked_at=clock.now(),
        )
        setup.refresh_from_db(fields=["public_id"])
        CardHolder.objects.get_or_create(customer=customer)
        tenant = current_tenant().slug
    with _provider():
        opened = _open(setup, customer, tenant, _with_setup(return_url, setup), cancel_url)
    with tenant_context(customer.tenant_id):
        setup.session, setup.url, setup.state = opened.session, opened.url, CardSetupState.OPEN
        setup.save(update_fields=["session", "url", "state"])
        return setup


def finish_setup(setup: CardSetup) -> Card:
    """Saves the card that was entered; again, by the return page and by the event, it is the same card.

    Call it outside of a transaction. Raises Refusal `card_prepaid` or `card_brand_not_accepted` (A2),
    `link_expired` when the page was left without a card, `card_provider_away` without an answer.
    """
    with tenant_context(setup.tenant_id):
        known: CardSetup = CardSetup.objects.select_related("card").get(pk=setup.pk)
    if known.state in (CardSetupState.ASKED, CardSetupState.OPEN):
        known = _look(known)
    if known.state == CardSetupState.REFUSED:
        raise Refusal(Code(known.refusal))
    card: Card | None = known.card
    if card is None:
        raise Refusal(Code.LINK_EXPIRED)
    return card


def remove_card(*, card: Card) -> None:
    """The customer takes its card away; open orders that were to be charged to it will ask for another."""
    from payments.tasks import talk_about_cards

    with transaction.atomic():
        removed = Card.objects.filter(pk=card.pk, removed_at=None).update(removed_at=clock.now())
        if removed:
            record("card_removed", card)
            card_removed.send(sender=Card, card=card)
            talk_about_cards.enqueue()


def forget_card(card: Card) -> None:
    """Tells the provider that a removed card is not charged any more. Raises GatewayError without an answer.

    Call it outside of a transaction.
    """
    gateway().forget_card(card.gateway_id)
    with tenant_context(card.tenant_id):
        Card.objects.filter(pk=card.pk, forgotten_at=None).update(forgotten_at=clock.now())


def register_continuation(purpose: str, url: Continuation) -> None:
    """Where the return page goes on once a card was saved for this purpose: `url(setup, card)`.

    It runs in the tenant's context, on each visit of the return page: doing its work twice must be once.
    A Refusal it raises is shown.
    """
    _continuations[purpose] = url


def continuation_of(setup: CardSetup) -> Continuation | None:
    return _continuations.get(setup.purpose)


class _provider:  # noqa: N801 — reads as a statement
    """What the provider cannot do becomes a Refusal for the person who waits."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Misconfigured):
            log.error("card_provider_misconfigured", error=str(error))
            raise Refusal(Code.METHOD_NOT_OFFERED) from error
        if isinstance(error, GatewayError):
            log.warning("card_provider_away", error=str(error))
            raise Refusal(Code.CARD_PROVIDER_AWAY) from error


def _open(setup: CardSetup, customer: Customer, tenant: str, return_url: str, cancel_url: str) -> OpenedSetup:
    return gateway().open_setup(
        key=str(setup.public_id),
        holder=_holder(customer, tenant),
        return_url=return_url,
        cancel_url=cancel_url,
        tenant=tenant,
    )


def _holder(customer: Customer, tenant: str) -> str:
    """The provider's number for the customer, asked for where it is not known yet."""
    with tenant_context(customer.tenant_id):
        holder: CardHolder = CardHolder.objects.get(customer=customer)
    if holder.gateway_id:
        return holder.gateway_id
    number = gateway().ensure_holder(key=str(customer.public_id), name=customer.name, tenant=tenant)
    with tenant_context(customer.tenant_id):
        CardHolder.objects.filter(pk=holder.pk, gateway_id="").update(gateway_id=number)
        return str(CardHolder.objects.get(pk=holder.pk).gateway_id)


def _with_setup(url: str, setup: CardSetup) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'setup': setup.public_id})}"


def _look(setup: CardSetup) -> CardSetup:
    """Asks the provider how the visit stands, and writes down how it ended."""
    with _provider():
        seen = gateway().read_setup(setup.session)
        refusal = card_refusal(brand=seen.card.brand, funding=seen.card.funding) if seen.card else None
        if seen.card and refusal:
            gateway().forget_card(seen.card.id)
    with tenant_context(setup.tenant_id):
        locked: CardSetup = CardSetup.objects.select_for_update(of=("self",)).get(pk=setup.pk)
        if locked.state in (CardSetupState.ASKED, CardSetupState.OPEN):
            _end(locked, seen.outcome, seen.card, refusal)
        return locked


def _end(setup: CardSetup, outcome: SetupOutcome, seen: CardSeen | None, refusal: Code | None) -> None:
    if refusal is not None:
        setup.state, setup.refusal = CardSetupState.REFUSED, refusal.value
    elif seen is not None:
        setup.state, setup.card = CardSetupState.SAVED, _save(setup, seen)
    elif outcome == SetupOutcome.EXPIRED:
        setup.state = CardSetupState.EXPIRED
    else:
        return
    setup.ended_at = clock.now()
    setup.save(update_fields=["state", "card", "refusal", "ended_at"])
    if setup.card is not None:
        card_saved.send(sender=Card, setup=setup, card=setup.card)


def _save(setup: CardSetup, seen: CardSeen) -> Card:
    card: Card
    card, is_new = Card.objects.get_or_create(
        gateway_id=seen.id,
        defaults={
            "customer_id": setup.customer_id,
            "brand": seen.brand,
            "funding": seen.funding,
            "last4": seen.last4,
            "exp_month": seen.exp_month,
            "exp_year": seen.exp_year,
            "saved_at": clock.now(),
        },
    )
    if is_new:
        record("card_saved", card, brand=seen.brand, funding=seen.funding)
    return card
