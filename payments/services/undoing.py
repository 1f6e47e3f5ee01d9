"""A match undone by reversal, and money sent back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.selectors import policy_on
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Allocation, AllocationSource
from invoices.services.settlement import NewAllocation, allocate_many, lock_open_items
from ledger.models import Account, CustomerBalance, Entry, Line, Reason
from ledger.reservations import free
from ledger.services import Posting, lock_balance, lock_balances, post
from payments.models import Match, Payment, PaymentState
from payments.services.deposits import apply_deposit
from payments.services.matching import lock_payment
from payments.services.payers import forget_payer_name
from payments.signals import deposit_wanted


@transaction.atomic
def undo_match(*, payment: Payment) -> Payment:
    """The transfer waits in suspense again, its documents are open again, what was learned is forgotten.

    Deposit that is free all the same, as after a return, pays them at once where the policy applies deposit.
    Booked today. A transfer that waits already stays as it is. Raises Refusal `insufficient_deposit` when the
    customer has used the deposit that came of it, `already_paid` when it was sent back.
    """
    locked = lock_payment(payment)
    if locked.state == PaymentState.SENT_BACK:
        raise Refusal(Code.ALREADY_PAID, _("This transfer has been sent back."))
    matches = list(
        Match.objects.filter(payment=locked, undone_at=None).select_related("customer").order_by("pk")
    )
    if not matches:
        return locked
    customers = {match.customer_id for match in matches}
    balances = {balance.customer_id: balance for balance in lock_balances(customers)}
    lock_open_items(customers)
    today = clock.today(current_tenant().zone)
    for match in matches:
        opened = _reverse(match, balances[match.customer_id], on=today)
        forget_payer_name(customer_id=match.customer_id, name=locked.payer_name)
        if policy_on(today).apply_deposit:
            apply_deposit(customer=match.customer, documents=opened)
    locked.state, locked.customer = PaymentState.UNMATCHED, None
    locked.save(update_fields=["state", "customer"])
    record("match_undone", locked, matches=[match.pk for match in matches])
    return locked


@transaction.atomic
def send_back(*, payment: Payment, reason: str = "", taken_back_by: str = "") -> Payment:
    """Money that waits has left the bank account again, today; sent back already, nothing happens.

    Raises Refusal `already_paid` for a transfer that is matched: undo the match first.
    """
    locked = lock_payment(payment)
    if locked.state == PaymentState.SENT_BACK:
        return locked
    if locked.state != PaymentState.UNMATCHED:
        raise Refusal(
            Code.ALREADY_PAID, _("This transfer is matched. Undo the match before you send it back.")
        )
    post(
        booked_on=clock.today(current_tenant().zone),
        reason=Reason.SENT_BACK,
        source_id=locked.pk,
        postings=[Posting(Account.SUSPENSE, locked.amount), Posting(Account.BANK, -locked.amount)],
        memo=locked.payer_name,
    )
    locked.state, locked.taken_back_by = PaymentState.SENT_BACK, taken_back_by
    locked.save(update_fields=["state", "taken_back_by"])
    record("transfer_sent_back", locked, amount=locked.amount, reason=reason)
    return locked


def _reverse(match: Match, balance: CustomerBalance, *, on: date) -> set[int]:
    """The customer's lines of its entry turned; the money itself stays on the bank account, in suspense.

    Gives the documents (ids) that are open again.
    """
    lines = list(Line.objects.filter(entry_id=match.entry_id).order_by("id"))
    turned = [
        Posting(_origin(line), -line.amount, line.customer_id, line.tax_category, line.tax_rate)
        for line in lines
    ]
    back = sum(-line.amount for line in lines if line.account == Account.DEPOSIT)
    _check_deposit(balance, back)
    entry = post(
        booked_on=on,
        reason=Reason.REVERSAL,
        source_id=match.pk,
        postings=turned,
        memo=match.payment.payer_name,
    )
    opened = _open_again(match, entry)
    match.undone_at = clock.now()
    match.save(update_fields=["undone_at"])
    return opened


def _origin(line: Line) -> Account:
    return Account.SUSPENSE if line.account == Account.BANK else Account(line.account)


def _check_deposit(balance: CustomerBalance, amount: int) -> None:
    """Money that only waits for an order paid in advance is given up by it first."""
    if missing := max(amount - free(balance), 0):
        deposit_wanted.send(sender=Payment, customer_id=balance.customer_id, amount=missing)
    if missing and free(lock_balance(balance.customer_id)) < amount:
        raise Refusal(
            Code.INSUFFICIENT_DEPOSIT,
            _("The customer has used the deposit that came of this transfer, so the match cannot be undone."),
        )


def _open_again(match: Match, entry: Entry) -> set[int]:
    paid = Allocation.objects.filter(entry_id=match.entry_id, document__customer_id=match.customer_id)
    turned = allocate_many(
        [
            NewAllocation(row.document_id, -row.amount, AllocationSource(row.source), row.source_id, entry)
            for row in paid.order_by("id")
        ]
    )
    return {row.document_id for row in turned}
