"""Charging a card, and booking what was charged."""

from __future__ import annotations

from invoices.models import Document
from payments.models import Card, CardPayment, CardPurpose


def intend(
    *, card: Card, amount: int, purpose: CardPurpose, reference: int, order_number: str
) -> CardPayment:
    """Writes down that the card is to be charged with this sum in yen, in the caller's transaction.

    An attempt for the same (purpose, reference) that is under way or has succeeded is given back instead.
    After the commit call `collect`; a sweep does it when nobody does.
    """
    raise NotImplementedError


def collect(card_payment: CardPayment) -> CardPayment:
    """Asks the provider to charge it, and writes down the answer; asked twice, it charges once.

    Opens a tenant context of its own for the result: call it outside of a transaction. Sends
    `card_payment_succeeded`, `card_payment_failed` or `card_payment_needs_customer` inside that transaction.
    An answer that is lost leaves it `INTENDED`. Gives the row as it stands then.
    """
    raise NotImplementedError


def release(card_payment: CardPayment) -> None:
    """Nothing is to be charged any more: what waits for its holder is cancelled at the provider after the
    commit; what succeeds all the same is refunded. In the caller's transaction.
    """
    raise NotImplementedError


def book_for_document(*, card_payment: CardPayment, document: Document) -> None:
    """Card clearing / receivable, and the allocation to the document, in the caller's transaction."""
    raise NotImplementedError


def book_to_deposit(*, card_payment: CardPayment) -> None:
    """Card clearing / deposit, in the caller's transaction: charged before delivery (A3), or too late."""
    raise NotImplementedError
