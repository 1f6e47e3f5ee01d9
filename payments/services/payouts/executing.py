"""The bank has carried out a file, or gives one of its pay-outs back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, InvalidValue, Refusal
from billing_project.tenancy.lookup import current_tenant
from ledger.models import Account, Reason
from ledger.services import NewEntry, Posting, post, post_many
from payments.mails import PAYOUT_EXECUTED, PAYOUT_RETURNED, tell_of_payout
from payments.models import Payout, PayoutFile, PayoutFileState, PayoutState
from payments.services.payouts.asking import lock_payout
from payments.services.payouts.writing import lock_file
from payments.signals import payment_received


@transaction.atomic
def confirm_payout_file(
    *, file: PayoutFile, executed_on: date | None = None, bank_fee: int = 0
) -> PayoutFile:
    """Books the execution of each pay-out of the file, by default today, and the bank's own fee in yen.

    Confirmed already, nothing happens. Raises Refusal `already_cancelled` for a discarded file,
    `invalid_date` for a day to come or before the file was written, `invalid_amount` for a negative fee.
    """
    locked = lock_file(file)
    if locked.state == PayoutFileState.CONFIRMED:
        return locked
    if locked.state == PayoutFileState.DISCARDED:
        raise Refusal(Code.ALREADY_CANCELLED, _("This file was discarded. Write the file anew."))
    day = executed_on or clock.today(current_tenant().zone)
    _check(locked, day, bank_fee)
    payouts = list(Payout.objects.select_for_update().filter(file=locked).order_by("pk"))
    post_many([_executed(payout, day) for payout in payouts])
    if bank_fee:
        _book_fee(locked, day, bank_fee)
    Payout.objects.filter(file=locked).update(state=PayoutState.PAID, executed_on=day)
    locked.state, locked.ended_at = PayoutFileState.CONFIRMED, clock.now()
    locked.executed_on, locked.bank_fee = day, bank_fee
    locked.save(update_fields=["state", "ended_at", "executed_on", "bank_fee"])
    record("payout_file_confirmed", locked, count=locked.count, total=locked.total, bank_fee=bank_fee)
    for payout in payouts:
        tell_of_payout(PAYOUT_EXECUTED, payout)
    return locked


@transaction.atomic
def return_payout(*, payout: Payout, reason: str = "", on: date | None = None) -> Payout:
    """The bank could not pay and gave the money back: what it carried is free deposit again, the fee is not.

    Returned already, nothing happens. Raises Refusal `not_paid` for one that was not executed,
    `invalid_date` for a day to come or before its execution.
    """
    locked = lock_payout(payout)
    if locked.state == PayoutState.RETURNED:
        return locked
    if locked.state != PayoutState.PAID:
        raise Refusal(Code.NOT_PAID, _("Only a pay-out that the bank has executed can come back."))
    today = clock.today(current_tenant().zone)
    day = on or today
    if day > today or (locked.executed_on and day < locked.executed_on):
        raise InvalidValue(Code.INVALID_DATE, _("The day must lie between the execution and today."))
    customer, net = locked.customer_id, locked.net
    post(
        booked_on=day,
        reason=Reason.PAYOUT_RETURNED,
        source_id=locked.pk,
        memo=locked.holder_kana,
        postings=[
            Posting(Account.BANK, net),
            Posting(Account.PAYOUT_PAYABLE, -net, customer),
            Posting(Account.PAYOUT_PAYABLE, net, customer),
            Posting(Account.DEPOSIT, -net, customer),
        ],
    )
    locked.state, locked.ended_at, locked.reason = PayoutState.RETURNED, clock.now(), reason
    locked.save(update_fields=["state", "ended_at", "reason"])
    record("payout_returned", locked, amount=net, reason=reason)
    tell_of_payout(PAYOUT_RETURNED, locked)
    payment_received.send(Payout, customer_ids=[customer])
    return locked


def _check(file: PayoutFile, day: date, bank_fee: int) -> None:
    zone = current_tenant().zone
    if not file.written_at.astimezone(zone).date() <= day <= clock.today(zone):
        raise InvalidValue(
            Code.INVALID_DATE, _("The day must lie between the writing of the file and today.")
        )
    if bank_fee < 0:
        raise InvalidValue(Code.INVALID_AMOUNT)


def _executed(payout: Payout, day: date) -> NewEntry:
    postings = [
        Posting(Account.PAYOUT_PAYABLE, payout.net, payout.customer_id),
        Posting(Account.BANK, -payout.net),
    ]
    return NewEntry(day, Reason.PAYOUT_EXECUTED, payout.pk, postings, payout.holder_kana)


def _book_fee(file: PayoutFile, day: date, fee: int) -> None:
    post(
        booked_on=day,
        reason=Reason.PAYOUT_FEE,
        source_id=file.pk,
        postings=[Posting(Account.TRANSFER_FEES, fee), Posting(Account.BANK, -fee)],
    )
