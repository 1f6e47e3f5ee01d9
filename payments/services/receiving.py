"""A single transfer, told by a person or a program."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import Customer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.tenancy.lookup import current_tenant
from payments import rules
from payments.models import Payment, PaymentMethodUsed, PaymentState
from payments.selectors import customer_of_payer
from payments.services.booking import Claim, book_arrivals, settle


@transaction.atomic
def receive_transfer(
    *, amount: int, payer_name: str, received_on: date, reference: str, customer: Customer | None = None
) -> Payment:
    """Books money on the bank account, in yen, on the day it arrived.

    A payer whom the name tells for certain, or the `customer` told by hand, pays its open documents (those
    named, an exact sum, else the oldest due first); the rest is deposit. Any other transfer waits in
    suspense. A reference that comes again books nothing. Raises Refusal `invalid_amount`, `invalid_date` or
    `invalid_input`.
    """
    rules.check_transfer(
        amount=amount,
        payer_name=payer_name,
        received_on=received_on,
        reference=reference,
        today=clock.today(current_tenant().zone),
    )
    payer = customer or customer_of_payer(payer_name)
    facts = {"amount": amount, "payer_name": rules.printed_name(payer_name), "received_on": received_on}
    payment: Payment
    payment, is_new = Payment.objects.get_or_create(
        method=PaymentMethodUsed.TRANSFER,
        reference=reference,
        defaults={
            **facts,
            "customer": payer,
            "state": PaymentState.SUCCEEDED if payer else PaymentState.UNMATCHED,
            "recorded_at": clock.now(),
        },
    )
    if not is_new:
        same = all(getattr(payment, name) == value for name, value in facts.items())
        rules.check_same_transfer(same=same, reference=reference)
        return payment
    claims = [Claim(payment, payer.pk, amount)] if payer else []
    book_arrivals([payment], settle(claims))
    record("transfer_received", payment, amount=amount, state=payment.state)
    return payment
