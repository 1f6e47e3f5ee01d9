"""Transfers that the bank takes back (取消): undone by themselves where possible, else kept for a person."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Refusal
from payments.bank_files.incoming import Incoming
from payments.models import BankCancellation, BankFile, Payment, PaymentState
from payments.services.reading import references_of
from payments.services.undoing import send_back, undo_match


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
    found: Payment | None = (
        Payment.objects.filter(account=row.account, amount=row.amount, payer_name=row.payer_name)
        .filter(received_on__lte=row.booked_on, state__in=[PaymentState.SUCCEEDED, PaymentState.UNMATCHED])
        .order_by("-received_on", "-pk")
        .first()
    )
    return found


def _lock(cancellation: BankCancellation) -> BankCancellation:
    locked: BankCancellation = BankCancellation.objects.select_for_update().get(pk=cancellation.pk)
    return locked
