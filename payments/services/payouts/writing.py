"""The bank file (総合振込, kind 21) of the pay-outs due by a day: written once, or discarded and anew."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from payments.bank_files.layouts import Kind
from payments.bank_files.zengin import NewBatch, write_file
from payments.models import Payout, PayoutFile, PayoutFileState, PayoutSender, PayoutState

NEW_CODE = 0
"""新規コード of a receiver that is not new to the bank; banks check only 1."""
URGENCY = 7
"""振込指定区分: by wire (電信)."""


@transaction.atomic
def write_payout_file(*, pay_on: date) -> PayoutFile:
    """The file of all pay-outs asked for and due by this day; one that is not confirmed yet is given again.

    Raises Refusal `invalid_input` while the sender is not known, `nothing_to_pay_out` when nothing is due.
    """
    sender = _lock_sender()
    known: PayoutFile | None = PayoutFile.objects.filter(pay_on=pay_on, state=PayoutFileState.WRITTEN).first()
    if known:
        return known
    due = list(
        Payout.objects.select_for_update().filter(state=PayoutState.ASKED, pay_on__lte=pay_on).order_by("pk")
    )
    if not due:
        raise Refusal(Code.NOTHING_TO_PAY_OUT)
    content = file_content(sender, due, pay_on)
    file: PayoutFile = PayoutFile.objects.create(
        pay_on=pay_on,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        count=len(due),
        total=sum(payout.net for payout in due),
        written_at=clock.now(),
    )
    Payout.objects.filter(pk__in=[payout.pk for payout in due]).update(state=PayoutState.IN_FILE, file=file)
    record("payout_file_written", file, count=file.count, total=file.total, sha256=file.sha256)
    return file


@transaction.atomic
def discard_payout_file(*, file: PayoutFile) -> PayoutFile:
    """A file that did not go to the bank: its pay-outs wait for another. Discarded already, nothing happens.

    Raises Refusal `already_paid` for one that is confirmed.
    """
    locked = lock_file(file)
    if locked.state == PayoutFileState.CONFIRMED:
        raise Refusal(Code.ALREADY_PAID, _("This file has been confirmed as executed."))
    if locked.state == PayoutFileState.WRITTEN:
        Payout.objects.filter(file=locked).update(state=PayoutState.ASKED, file=None)
        locked.state, locked.ended_at = PayoutFileState.DISCARDED, clock.now()
        locked.save(update_fields=["state", "ended_at"])
        record("payout_file_discarded", locked, count=locked.count, total=locked.total)
    return locked


def file_content(sender: PayoutSender, payouts: Sequence[Payout], pay_on: date) -> bytes:
    """The bytes of the file. Raises BankFileRejected for a value that does not fit."""
    header: dict[str, str | int] = {
        "sender_code": sender.sender_code,
        "sender_name": sender.sender_name,
        "pay_on": f"{pay_on:%m%d}",
        "bank_code": sender.bank_code,
        "branch_code": sender.branch_code,
        "account_type": sender.account_kind,
        "account_number": sender.account_number,
    }
    rows: list[dict[str, str | int]] = [
        {
            "bank_code": payout.bank_code,
            "branch_code": payout.branch_code,
            "account_type": payout.account_kind,
            "account_number": payout.account_number,
            "receiver_name": payout.holder_kana,
            "amount": payout.net,
            "new_code": NEW_CODE,
            "urgency": URGENCY,
        }
        for payout in payouts
    ]
    return write_file(Kind.TRANSFERS, [NewBatch(header, rows)])


def lock_file(file: PayoutFile) -> PayoutFile:
    locked: PayoutFile = PayoutFile.objects.select_for_update().get(pk=file.pk)
    return locked


def _lock_sender() -> PayoutSender:
    """Locking it is the turn to write a file."""
    sender: PayoutSender | None = PayoutSender.objects.select_for_update().first()
    if sender is None:
        raise Refusal(Code.INVALID_INPUT, _("Enter first from which account pay-outs are made."))
    return sender
