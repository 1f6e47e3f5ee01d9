"""Payments by the payer's name as banks print it, by the bank's number or by sum."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from billing_project.backoffice.search import Words, finds
from payments.models import Payment
from payments.selectors import payments_like


@finds(order=40, note=lambda payment: payment.get_state_display())
def payments(words: Words) -> QuerySet[Payment]:
    found = payments_like(words.text)
    if words.amount:
        found |= Q(amount=words.amount)
    rows: QuerySet[Payment] = Payment.objects.filter(found)
    return rows.order_by("-received_on", "-id")
