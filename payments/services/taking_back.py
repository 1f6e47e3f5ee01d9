"""Transfers that the bank takes back (取消): undone by themselves where possible, else kept for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Refusal
from payments.bank_files.incoming import Incoming
from payments.models import BankCancellation, BankFile, Match, Payment, PaymentState
from payments.services.reading import references_of
from payments.services.undoing import send_back, undo_match


def lock_taken_back(cancelled: Sequence[Incoming]) -> set[int]:
    """Locks the transfers that may be taken back; gives the customers (ids) whose balances that may move."""
    payments: set[int] = set()
    for each in cancelled:
        found = _transfers_of(each.account, each.amount, each.payer, each.booked_on)
        payments.update(found.values_list("pk", flat=True))
    locked = Payment.objects.select_for_update().filter(pk__in=payments).order_by("pk")
    matches = Match.objects.filter(payment__in=[payment.pk for payment in locked], undone_at=None)
    return set(matches.values_list("customer_id", flat=True))


def take_back(file: BankFile, cancelled: Sequence[Incoming]) -> tuple[int, ...]:
    """What the bank takes back leaves the account again; gives the records that wait for a person."""
    waiting = []
    for reference, each in zip(references_of(cancelled), cancelled, strict=True):
        if Payment.objects.filter(taken_back_by=reference).exists():
            continue
        if BankCancellation.objects.filter(reference=reference).exists():
            continue
        row = _row(file, each, reference)
        if not _try(row):
            row.save()
            waiting.append(each.record)
    return tuple(waiting)


@transaction.atomic
def retry_cancellation(*, cancellation: BankCancellation) -> BankCancellation:
    """Tries once more, after a person has made it possible; settled already, nothing happens."""
    locked = _lock(cancellation)
    if locked.settled_at is None:
        if _try(locked):
            locked.settled_at = clock.now()
            record("bank_cancellation_settled", locked, payment=locked.payment_id)
        locked.save(update_fields=["payment", "why", "settled_at"])
    return locked


@transaction.atomic
def settle_cancellation(*, cancellation: BankCancellation, note: str) -> BankCancellation:
    """A person has dealt with it otherwise and says how; settled already, nothing happens."""
    locked = _lock(cancellation)
    if locked.settled_at is None:
        locked.settled_at, locked.note = clock.now(), note
        locked.save(update_fields=["settled_at", "note"])
        record("bank_cancellation_settled", locked, note=note)
    return locked


def _row(file: BankFile, told: Incoming, reference: str) -> BankCancellation:
    return BankCancellation(
        bank_file=file,
        record=told.record,
        account=told.account,
        booked_on=told.booked_on,
        bank_number=told.reference,
        amount=told.amount,
        payer_name=told.payer,
        reference=reference,
    )


def _try(row: BankCancellation) -> bool:
    """Undoes the match of the transfer and sends it back; else notes in `why` what stands against it."""
    row.payment = _transfer_of(row)
    if row.payment is None:
        row.why = _("No transfer of this sum and payer has come to this account.")
        return False
    try:
        with transaction.atomic():
            undone = undo_match(payment=row.payment)
            send_back(payment=undone, reason="bank", taken_back_by=row.reference)
    except Refusal as refusal:
        row.why = refusal.message[:300]
        return False
    return True


def _transfer_of(row: BankCancellation) -> Payment | None:
    found = _transfers_of(row.account, row.amount, row.payer_name, row.booked_on)
    last: Payment | None = found.order_by("-received_on", "-pk").first()
    return last


def _transfers_of(account: str, amount: int, payer: str, until: date) -> QuerySet[Payment]:
    """The transfers of this sum and payer that are still on this account."""
    found: QuerySet[Payment] = Payment.objects.filter(
        account=account,
        amount=amount,
        payer_name=payer,
        received_on__lte=until,
        state__in=[PaymentState.SUCCEEDED, PaymentState.UNMATCHED],
    )
    return found


def _lock(cancellation: BankCancellation) -> BankCancellation:
    locked: BankCancellation = BankCancellation.objects.select_for_update().get(pk=cancellation.pk)
    return locked
