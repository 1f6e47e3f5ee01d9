"""Which cards are accepted, and what may be given back (A2, A4, A14)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from billing_project.errors import Code, Refusal
from billing_project.money import MAX_YEN
from payments.models.cards import BRANDS

PREPAID = "prepaid"
KEY_HOLDS = timedelta(hours=20)
"""Providers forget an idempotency key after 24 hours; after this we look first what became of it."""
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(tries: int) -> timedelta:
    """How long an event rests that could not be acted on this many times: 1, 2, 4 … 60 minutes."""
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_PAUSE)


def card_refusal(*, brand: str, funding: str) -> Code | None:
    """Why a card is not accepted, None when it is (A2)."""
    if funding == PREPAID:
        return Code.CARD_PREPAID
    return None if brand in BRANDS else Code.CARD_BRAND_NOT_ACCEPTED


def check_refund(*, amount: int, left: int) -> None:
    """Raises Refusal `invalid_amount` for less than one yen, or more than is left of the charge."""
    if not 0 < amount <= left:
        raise Refusal(
            Code.INVALID_AMOUNT,
            _("Of this card payment %(left)s yen can be given back. Please enter a sum up to that."),
            left=left,
        )


def check_settlement(*, amount: int, fees: int, reference: str, paid_on: date, today: date) -> None:
    """Raises Refusal `invalid_amount`, `invalid_date` or `invalid_input`."""
    if not 1 <= amount <= MAX_YEN or not 0 <= fees <= MAX_YEN:
        raise Refusal(Code.INVALID_AMOUNT)
    if paid_on > today:
        raise Refusal(Code.INVALID_DATE, _("A settlement cannot have been paid in the future."))
    if not reference.strip():
        raise Refusal(Code.INVALID_INPUT, _("Enter the card company's number of the settlement."))
