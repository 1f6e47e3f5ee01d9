"""Cards: entering one at the provider, charging it, giving money back (A2, A3, A4, A14).

Each call to the provider is intent → commit → call with the intent's public id as idempotency key → result.
What was intended and never answered is asked again by a sweep, under the same key.
"""

from payments.services.cards.charging import book_for_document, book_to_deposit, collect, intend, release
from payments.services.cards.refunding import intend_refund
from payments.services.cards.saving import finish_setup, remove_card, start_setup

__all__ = [
    "book_for_document",
    "book_to_deposit",
    "collect",
    "finish_setup",
    "intend",
    "intend_refund",
    "release",
    "remove_card",
    "start_setup",
]
