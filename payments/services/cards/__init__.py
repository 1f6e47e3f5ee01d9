"""Cards: entering one at the provider, charging it, giving money back (A2, A3, A4, A14).

Each call to the provider is intent → commit → call with the intent's public id as idempotency key → result.
What was intended and never answered is asked again by a sweep, under the same key.
"""

from payments.services.cards.booking import book_for_document, book_to_deposit, record_card_settlement
from payments.services.cards.charging import collect, confirm, intend, refresh, release
from payments.services.cards.events import receive_event
from payments.services.cards.refunding import intend_refund, refundable
from payments.services.cards.saving import (
    continuation_of,
    finish_setup,
    register_continuation,
    remove_card,
    start_setup,
)

__all__ = [
    "book_for_document",
    "book_to_deposit",
    "collect",
    "confirm",
    "continuation_of",
    "finish_setup",
    "intend",
    "intend_refund",
    "receive_event",
    "record_card_settlement",
    "refresh",
    "refundable",
    "register_continuation",
    "release",
    "remove_card",
    "start_setup",
]
