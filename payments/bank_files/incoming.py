"""The money that a bank file says has come in, the same for every kind of file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing_project.errors import Code
from payments.bank_files.days import reiwa_day
from payments.bank_files.errors import BankFileRejected, RecordError, rejected
from payments.bank_files.kana import printed_name
from payments.bank_files.layouts import Kind
from payments.bank_files.records import Record
from payments.bank_files.zengin import Batch, amount_of, read_file

READABLE = (Kind.INCOMING, Kind.STATEMENT)
NAME_LENGTH = 48
"""A longer name is cut by the bank."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A transfer as the bank tells it. `amount` in yen; `payer` in the bank's spelling, empty if not named.

    `reference` is the bank's own number without leading zeros, empty if it gives none; `payer_code` the
    number given with the name (of a virtual account, where the bank has them); `note` what else the payer
    said. `cancelled` means that the bank takes an earlier transfer back. `record` is where it stands.
    """

    record: int
    account: str
    booked_on: date
    reference: str
    amount: int
    payer: str
    payer_code: str = ""
    note: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class IncomingFile:
    kind: str
    transfers: tuple[Incoming, ...]

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(sorted({transfer.account for transfer in self.transfers}))


def read_incoming(content: bytes, *, today: date) -> IncomingFile:
    """The incoming money of a file of kind 01 or 03. Raises BankFileRejected naming records and fields."""
    file = read_file(content)
    if file.kind not in READABLE:
        text = _("A file of kind %(kind)s holds no incoming money. Import kind 01 or 03.")
        raise rejected(1, "種別コード", Code.INVALID_INPUT, text % {"kind": file.kind.value})
    read = _incoming_record if file.kind == Kind.INCOMING else _statement_record
    errors: list[RecordError] = []
    transfers = []
    for batch in file.batches:
        account = _account(batch)
        for record in batch.data:
            if file.kind == Kind.STATEMENT and record.text("direction") != "1":
                errors += _direction_problems(record)
                continue
            if problems := list(_problems(record, today)):
                errors += problems
                continue
            transfers.append(read(record, account))
    if errors:
        raise BankFileRejected(errors)
    return IncomingFile(file.kind.value, tuple(transfers))


def _account(batch: Batch) -> str:
    """Bank, branch, type and number, so that files of either kind name an account alike."""
    header = batch.header
    bank, branch = header.text("bank_code").zfill(4), header.text("branch_code").zfill(3)
    return f"{bank}-{branch}-{header.text('account_type') or 0}-{header.number('account_number'):07}"


def _incoming_record(record: Record, account: str) -> Incoming:
    return Incoming(
        record=record.position,
        account=account,
        booked_on=reiwa_day(record.text("booked_on")),
        reference=record.text("reference").lstrip("0"),
        amount=amount_of(record),
        payer=printed_name(record.text("payer_name")),
        payer_code=record.text("payer_code").lstrip("0"),
        note=record.text("edi"),
        cancelled=record.text("cancelled") == "1",
    )


def _statement_record(record: Record, account: str) -> Incoming:
    """Money that is no transfer names no payer; then the bank's note is all there is."""
    return Incoming(
        record=record.position,
        account=account,
        booked_on=reiwa_day(record.text("booked_on")),
        reference=record.text("reference").lstrip("0"),
        amount=amount_of(record),
        payer=printed_name(record.text("payer_name") or record.text("note")),
        payer_code=record.text("payer_code").lstrip("0"),
        note=record.text("edi"),
    )


def _problems(record: Record, today: date) -> Iterator[RecordError]:
    day = record.text("booked_on")
    try:
        if reiwa_day(day) > today:
            yield _problem(record, "booked_on", Code.INVALID_DATE, _("“%(value)s” lies in the future."), day)
    except ValueError:
        yield _problem(
            record,
            "booked_on",
            Code.INVALID_DATE,
            _("“%(value)s” is no day of the Japanese era (YYMMDD)."),
            day,
        )
    if not amount_of(record):
        yield _problem(record, "amount", Code.INVALID_AMOUNT, _("The sum is 0 yen."))
    if _differing_amounts(record):
        yield _problem(record, "wide_amount", Code.INVALID_AMOUNT, _("The two sums of the record differ."))


def _differing_amounts(record: Record) -> bool:
    """A sum of more than ten digits has only its wide field."""
    if "wide_amount" not in record.layout.by_name:
        return False
    narrow, wide = record.number("amount"), record.number("wide_amount")
    return bool(narrow and wide and narrow != wide)


def _direction_problems(record: Record) -> Iterator[RecordError]:
    if (value := record.text("direction")) != "2":
        text = _("“%(value)s” is neither 1 (in) nor 2 (out).")
        yield _problem(record, "direction", Code.INVALID_INPUT, text, value)


def _problem(record: Record, name: str, code: Code, text: str, value: str = "") -> RecordError:
    label = record.layout.by_name[name].label
    return RecordError(record.position, label, code.value, text % {"value": value} if value else text)
