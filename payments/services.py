"""Money that arrives by bank transfer, and the names under which customers send it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import AllocationSource
from invoices.services.settlement import allocate, split_payment
from ledger.models import Account, Entry, Reason
from ledger.services import Posting, post
from payments import rules
from payments.models import PayerName, Payment, PaymentMethodUsed, PaymentState
from payments.selectors import customer_of_payer


@transaction.atomic
def add_payer_name(*, customer: Customer, name: str) -> PayerName:
    """From now on transfers by this name are the customer's, unless it is another's name as well.

    Raises Refusal `invalid_input` for a name that is empty or too long.
    """
    printed = rules.printed_name(name)
    if not printed or len(printed) > rules.MAX_NAME:
        raise Refusal(Code.INVALID_INPUT, _("Enter the payer's name as the bank prints it."))
    known: PayerName
    known, is_new = PayerName.objects.get_or_create(customer=customer, name=printed)
    if is_new:
        record("payer_name_added", customer, name=printed)
    return known


@transaction.atomic
def receive_transfer(
    *, amount: int, payer_name: str, received_on: date, reference: str, customer: Customer | None = None
) -> Payment:
    """Books money on the bank account, in yen, on the day it arrived.

    A payer whom the name tells for certain, or the `customer` told by hand, pays its open documents, oldest
    due first; the rest is deposit. Any other transfer waits in suspense. A reference that comes again books
    nothing. Raises Refusal `invalid_amount`, `invalid_date` or `invalid_input`.
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
    if payer is None:
        _hold_in_suspense(payment)
    else:
        _pay_open_documents(payment, payer)
    record("transfer_received", payment, amount=amount, state=payment.state)
    return payment


def _hold_in_suspense(payment: Payment) -> None:
    _book(payment, [Posting(Account.SUSPENSE, -payment.amount)])


def _pay_open_documents(payment: Payment, customer: Customer) -> None:
    split = split_payment(customer_id=customer.pk, amount=payment.amount)
    entry = _book(
        payment,
        [
            Posting(Account.RECEIVABLE, -split.paid, customer_id=customer.pk),
            Posting(Account.DEPOSIT, -split.rest, customer_id=customer.pk),
        ],
    )
    allocate(shares=split.shares, source=AllocationSource.PAYMENT, source_id=payment.pk, entry=entry)


def _book(payment: Payment, credits: list[Posting]) -> Entry:
    return post(
        booked_on=payment.received_on,
        reason=Reason.PAYMENT,
        source_id=payment.pk,
        postings=[Posting(Account.BANK, payment.amount), *credits],
        memo=payment.payer_name,
    )
