"""Saving a card through the provider's page (A2, A3)."""

from __future__ import annotations

from typing import Any

from accounts.models import Customer, Member
from payments.models import Card, CardSetup


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

    `return_url` gets `?setup=<public id>` added. Call it outside of a transaction.
    """
    raise NotImplementedError


def finish_setup(setup: CardSetup) -> Card:
    """Saves the card that was entered; again, by the return page and by the event, it is the same card.

    Call it outside of a transaction. Raises Refusal `card_prepaid` or `card_brand_not_accepted` (A2),
    `link_expired` when the page was left without a card.
    """
    raise NotImplementedError


def remove_card(*, card: Card) -> None:
    """The customer takes its card away; open orders that were to be charged to it will ask for another."""
    raise NotImplementedError
