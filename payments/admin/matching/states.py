"""How a transfer stands, for the acts that are offered."""

from __future__ import annotations

from payments.models import Payment, PaymentState


def waits(payment: Payment) -> bool:
    return payment.state == PaymentState.UNMATCHED


def is_matched(payment: Payment) -> bool:
    return payment.state == PaymentState.SUCCEEDED


def is_doubtful(payment: Payment) -> bool:
    return payment.state == PaymentState.DOUBTFUL
