"""Giving money back to the card it came from (A4, A14)."""

from __future__ import annotations

from payments.models import CardPayment, CardRefund


def intend_refund(*, card_payment: CardPayment, amount: int, reason: str = "") -> CardRefund:
    """Reserves the sum in yen of the customer's free deposit and asks for its refund after the commit.

    The caller has made the sum free deposit (a return's surplus, a released reservation) in the same
    transaction. Back on the card, it is booked deposit / card clearing; a refund that fails for good leaves
    it as free deposit and shows in the operators' inbox. Raises Refusal `invalid_amount` for more than was
    charged and not yet refunded.
    """
    raise NotImplementedError
