"""A bank file: read whole or refused, each entry booked once, matched as far as it is certain."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.bulk import insert_missing
from billing_project.tenancy.lookup import current_tenant
from payments.bank_files.csv_file import CsvMapping, read_csv
from payments.bank_files.errors import rejected
from payments.bank_files.incoming import Incoming, IncomingFile, read_incoming
from payments.bank_files.zengin import looks_like_zengin
from payments.models import (
    BankCsvMapping,
    BankFile,
    Match,
    MatchKind,
    Payment,
    PaymentMethodUsed,
    PaymentState,
)
from payments.rules import PayerIndex
from payments.selectors import payer_index, suggested_among
from payments.services.booking import Claim, book_arrivals, settle
from payments.services.undoing import send_back, undo_match

MAX_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The file, whether it is new, and how many of its new entries were matched by kind of difference.

    `not_taken_back` are records of cancellations that a person must look at.
    """

    file: BankFile
    is_new: bool
    kinds: dict[str, int] = field(default_factory=dict)
    not_taken_back: tuple[int, ...] = ()

    @property
    def figures(self) -> dict[str, Any]:
        """The result as JSON values."""
        names = ("entries", "total", "known", "matched", "exact", "suggested", "unmatched", "taken_back")
        return {
            "is_new": self.is_new,
            **{name: getattr(self.file, name) for name in names},
            "kinds": self.kinds,
            "not_taken_back": list(self.not_taken_back),
        }


@transaction.atomic
def import_bank_file(
    *, content: bytes, name: str = "", mapping: BankCsvMapping | None = None
) -> ImportResult:
    """Reads a file of kind 01 or 03, or a CSV by its `mapping`, books its incoming money and matches it.

    The same file again books nothing, nor does an entry that another file has told. Raises BankFileRejected
    (`import_rejected`) naming records and fields; then nothing has changed.
    """
    digest = hashlib.sha256(content).hexdigest()
    if known := BankFile.objects.filter(sha256=digest).first():
        return ImportResult(known, is_new=False)
    read = _read(content, mapping)
    file, is_new = BankFile.objects.get_or_create(sha256=digest, defaults=_facts(read, content, name))
    if not is_new:
        return ImportResult(file, is_new=False)
    index = payer_index()
    payments = _store(file, [each for each in read.transfers if not each.cancelled], index)
    matches = _match(file, payments, index)
    not_taken_back = _take_back([each for each in read.transfers if each.cancelled])
    kinds = Counter(match.kind for match in matches)
    file.known += file.entries - len(payments)
    file.matched, file.exact = len(matches), kinds[MatchKind.EXACT] + kinds[MatchKind.SEVERAL]
    file.taken_back = file.cancellations - len(not_taken_back)
    file.save(update_fields=["known", "matched", "exact", "suggested", "unmatched", "taken_back"])
    record("bank_file_imported", file, name=name, entries=file.entries, total=file.total, **kinds)
    return ImportResult(file, True, dict(kinds), not_taken_back)


def _read(content: bytes, mapping: BankCsvMapping | None) -> IncomingFile:
    if len(content) > MAX_BYTES:
        raise rejected(0, "", Code.IMPORT_REJECTED, _("The file is larger than 50 MB."))
    today = clock.today(current_tenant().zone)
    if mapping and not looks_like_zengin(content):
        return read_csv(content, columns_of(mapping), today=today)
    return read_incoming(content, today=today)


def columns_of(mapping: BankCsvMapping) -> CsvMapping:
    """The stored mapping as the reader takes it."""
    return CsvMapping(
        account=mapping.account,
        date=mapping.date_column,
        amount=mapping.amount_column,
        payer=mapping.payer_column,
        reference=mapping.reference_column,
        skip=mapping.lines_before,
        has_heading=mapping.has_heading,
        japanese_era=mapping.japanese_era,
        encoding=mapping.encoding,
        payer_prefix=mapping.payer_prefix,
    )


def _facts(read: IncomingFile, content: bytes, name: str) -> dict[str, object]:
    booked = [each for each in read.transfers if not each.cancelled]
    return {
        "kind": read.kind,
        "name": name[:200],
        "accounts": ", ".join(read.accounts)[:300],
        "content": content,
        "imported_at": clock.now(),
        "entries": len(booked),
        "total": sum(each.amount for each in booked),
        "cancellations": len(read.transfers) - len(booked),
    }


def _store(file: BankFile, transfers: Sequence[Incoming], index: PayerIndex) -> list[Payment]:
    """The entries that no file has told before; whose payer is certain is its customer's already."""
    now = clock.now()
    rows = [
        _payment(file, each, reference, index, now)
        for reference, each in sorted(zip(_references(transfers), transfers, strict=True), key=_first)
    ]
    insert_missing(rows)
    return list(Payment.objects.filter(bank_file=file).order_by("record"))


def _payment(file: BankFile, told: Incoming, reference: str, index: PayerIndex, now: datetime) -> Payment:
    fitting = index.find(told.payer, payer_code=told.payer_code)
    customer_id = fitting.pop() if len(fitting) == 1 else None
    return Payment(
        method=PaymentMethodUsed.TRANSFER,
        state=PaymentState.SUCCEEDED if customer_id else PaymentState.UNMATCHED,
        customer_id=customer_id,
        amount=told.amount,
        received_on=told.booked_on,
        payer_name=told.payer,
        reference=reference,
        recorded_at=now,
        account=told.account,
        bank_number=told.reference,
        payer_code=told.payer_code,
        note=told.note,
        bank_file=file,
        record=told.record,
    )


def _first(pair: tuple[str, Incoming]) -> str:
    return pair[0]


def _references(transfers: Sequence[Incoming]) -> list[str]:
    """What identifies each: account, day, the bank's number, sum, payer, and which of equal ones it is."""
    seen: Counter[tuple[str, ...]] = Counter()
    references = []
    for each in transfers:
        day = each.booked_on.isoformat()
        facts = (each.account, day, each.reference, str(each.amount), each.payer, str(each.cancelled))
        seen[facts] += 1
        digest = hashlib.sha256("\0".join((*facts, str(seen[facts]))).encode()).hexdigest()[:24]
        references.append(" ".join(filter(None, (each.account, day, each.reference, digest))))
    return references


def _match(file: BankFile, payments: Sequence[Payment], index: PayerIndex) -> list[Match]:
    waiting = [payment for payment in payments if not payment.customer_id]
    settled = settle([Claim(each, each.customer_id, each.amount) for each in payments if each.customer_id])
    matches = book_arrivals(payments, settled)
    file.suggested = len(suggested_among(waiting, index))
    file.unmatched = len(waiting) - file.suggested
    return matches


def _take_back(cancelled: Sequence[Incoming]) -> tuple[int, ...]:
    """What the bank takes back leaves the account again; gives the records for which that cannot be done."""
    failed = []
    for reference, each in zip(_references(cancelled), cancelled, strict=True):
        if Payment.objects.filter(taken_back_by=reference).exists():
            continue
        if not _take_back_one(each, reference):
            failed.append(each.record)
    return tuple(failed)


def _take_back_one(entry: Incoming, reference: str) -> bool:
    payment = (
        Payment.objects.filter(account=entry.account, amount=entry.amount, payer_name=entry.payer)
        .filter(received_on__lte=entry.booked_on)
        .exclude(state=PaymentState.SENT_BACK)
        .order_by("-received_on", "-pk")
        .first()
    )
    if payment is None:
        return False
    try:
        with transaction.atomic():
            send_back(payment=undo_match(payment=payment), reason="bank", taken_back_by=reference)
    except Refusal:
        return False
    return True
