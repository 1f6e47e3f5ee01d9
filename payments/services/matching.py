"""A person says whose a transfer is; the payer's name is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Document
from payments.models import Match, Payment, PaymentState
from payments.services.booking import Claim, book_by_hand, settle
from payments.services.payers import learn_payer_name


@dataclass(frozen=True, slots=True)
class Part:
    """A customer's part of a transfer in yen, and the documents it pays first, in this order."""

    customer: Customer
    amount: int
    documents: Sequence[Document] = ()


def lock_payment(payment: Payment) -> Payment:
    locked: Payment = Payment.objects.select_for_update().get(pk=payment.pk)
    return locked


@transaction.atomic
def match_by_hand(
    *,
    payment: Payment,
    customer: Customer | None = None,
    documents: Sequence[Document] = (),
    parts: Sequence[Part] = (),
) -> list[Match]:
    """A transfer that waits is this customer's, or several customers' in parts that add up to it.

    Booked today from suspense; `documents` are paid first. One customer's payer name is learned. The same
    match again changes nothing. Raises Refusal `already_paid` for a transfer that is matched otherwise or
    sent back, `invalid_amount` or `invalid_input` for parts that cannot be.
    """
    locked = lock_payment(payment)
    wanted = list(parts) or ([Part(customer, locked.amount, documents)] if customer else [])
    _check_parts(locked, wanted)
    if locked.state != PaymentState.UNMATCHED:
        return _matched_so_already(locked, wanted)
    claims = [
        Claim(locked, part.customer.pk, part.amount, [each.pk for each in part.documents]) for part in wanted
    ]
    matches = book_by_hand(settle(claims), on=clock.today(current_tenant().zone))
    locked.state = PaymentState.SUCCEEDED
    locked.customer = wanted[0].customer if len(wanted) == 1 else None
    locked.save(update_fields=["state", "customer"])
    if locked.customer:
        learn_payer_name(customer=locked.customer, name=locked.payer_name)
    record("transfer_matched", locked, parts=[[part.customer.code, part.amount] for part in wanted])
    return matches


def _check_parts(payment: Payment, parts: Sequence[Part]) -> None:
    customers = [part.customer.pk for part in parts]
    if not parts or len(set(customers)) < len(customers):
        raise Refusal(Code.INVALID_INPUT, _("Name each customer once."))
    if any(part.amount <= 0 for part in parts) or sum(part.amount for part in parts) != payment.amount:
        raise Refusal(
            Code.INVALID_AMOUNT,
            _("The parts must add up to the %(amount)s yen of the transfer."),
            amount=payment.amount,
        )
    if any(document.customer_id != part.customer.pk for part in parts for document in part.documents):
        raise Refusal(Code.INVALID_INPUT, _("A document named is another customer's."))


def _matched_so_already(payment: Payment, parts: Sequence[Part]) -> list[Match]:
    matches = list(Match.objects.filter(payment=payment, undone_at=None).order_by("pk"))
    same = {(match.customer_id, match.amount) for match in matches}
    if same != {(part.customer.pk, part.amount) for part in parts}:
        raise Refusal(
            Code.ALREADY_PAID, _("This transfer is no longer waiting. Undo its match before you change it.")
        )
    return matches
