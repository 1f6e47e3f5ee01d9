"""A bank file: read whole or refused, each entry booked once, matched as far as it is certain."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from billing_project import clock
from billing_project.audit.services import record
from billing_project.tenancy.bulk import insert_missing
from billing_project.tenancy.context import current_tenant_id
from ledger.services import lock_balances
from payments.bank_files.incoming import Incoming, IncomingFile
from payments.models import (
    BankCsvMapping,
    BankFile,
    Match,
    MatchKind,
    Payment,
    PaymentMethodUsed,
    PaymentState,
)
from payments.rules import Likeness, PayerIndex
from payments.selectors import payer_index, suggested_among
from payments.services.booking import Claim, book_arrivals, settle
from payments.services.doubts import EarlierTold
from payments.services.reading import read_bank_file, references_of
from payments.services.taking_back import lock_taken_back, take_back

_IMPORTS = 0x53484942
"""Advisory lock: files of one tenant are imported one after the other, so that each sees what came before."""
_ARRIVED = (PaymentState.UNMATCHED, PaymentState.SUCCEEDED)


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
        names = (
            "entries",
            "total",
            "known",
            "doubtful",
            "matched",
            "exact",
            "suggested",
            "unmatched",
            "taken_back",
        )
        return {
            "is_new": self.is_new,
            **{name: getattr(self.file, name) for name in names},
            "kinds": self.kinds,
            "not_taken_back": list(self.not_taken_back),
        }


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file says, and what an import would find now: counts, and sums in yen.

    `certain` entries have a payer who is known for certain; `is_known`: this very file was imported before.
    """

    kind: str
    accounts: tuple[str, ...]
    transfers: tuple[Incoming, ...]
    entries: int
    total: int
    known: int
    doubtful: int
    certain: int
    cancellations: int
    is_known: bool


@transaction.atomic
def import_bank_file(
    *, content: bytes, name: str = "", mapping: BankCsvMapping | None = None
) -> ImportResult:
    """Reads a file of kind 01 or 03, or a CSV by its `mapping`, books its incoming money and matches it.

    The same file again books nothing, nor does an entry that another file has told; what another kind of
    file may have told waits as doubtful. Raises BankFileRejected (`import_rejected`) naming records and
    fields; then nothing has changed.
    """
    digest = hashlib.sha256(content).hexdigest()
    if known := BankFile.objects.filter(sha256=digest).first():
        return ImportResult(known, is_new=False)
    read = read_bank_file(content, mapping)
    _take_turn()
    file, is_new = BankFile.objects.get_or_create(sha256=digest, defaults=_facts(read, content, name))
    if not is_new:
        return ImportResult(file, is_new=False)
    index = payer_index()
    cancelled = [each for each in read.transfers if each.cancelled]
    losing = lock_taken_back(cancelled)
    payments = _store(file, _incoming_of(read), index)
    matches = _match(file, payments, index, losing)
    not_taken_back = take_back(file, cancelled)
    kinds = Counter(match.kind for match in matches)
    states = Counter(payment.state for payment in payments)
    file.doubtful = states[PaymentState.DOUBTFUL]
    file.known += file.entries - len(payments) + states[PaymentState.KNOWN]
    file.matched, file.exact = len(matches), kinds[MatchKind.EXACT] + kinds[MatchKind.SEVERAL]
    file.taken_back = file.cancellations - len(not_taken_back)
    file.save(update_fields=["known", "doubtful", "matched", "exact", "suggested", "unmatched", "taken_back"])
    record("bank_file_imported", file, name=name, entries=file.entries, total=file.total, **kinds)
    return ImportResult(file, True, dict(kinds), not_taken_back)


def preview_bank_file(*, content: bytes, mapping: BankCsvMapping | None = None) -> ImportPreview:
    """The same reading and comparing without booking. Raises BankFileRejected as the import would."""
    read = read_bank_file(content, mapping)
    transfers = _incoming_of(read)
    index = payer_index()
    references = references_of(transfers)
    told = set(Payment.objects.filter(reference__in=references).values_list("reference", flat=True))
    earlier = EarlierTold(read.kind, transfers)
    new = [each for reference, each in zip(references, transfers, strict=True) if reference not in told]
    likes = [earlier.like(each)[0] for each in new]
    fresh = [each for each, like in zip(new, likes, strict=True) if like == Likeness.OTHER]
    return ImportPreview(
        kind=read.kind,
        accounts=read.accounts,
        transfers=tuple(transfers),
        entries=len(transfers),
        total=sum(each.amount for each in transfers),
        known=len(transfers) - len(new) + likes.count(Likeness.SAME),
        doubtful=likes.count(Likeness.PERHAPS),
        certain=sum(len(index.find(each.payer, payer_code=each.payer_code)) == 1 for each in fresh),
        cancellations=len(read.transfers) - len(transfers),
        is_known=BankFile.objects.filter(sha256=hashlib.sha256(content).hexdigest()).exists(),
    )


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_IMPORTS, current_tenant_id()])


def _incoming_of(read: IncomingFile) -> list[Incoming]:
    return [each for each in read.transfers if not each.cancelled]


def _facts(read: IncomingFile, content: bytes, name: str) -> dict[str, object]:
    booked = _incoming_of(read)
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
    now, earlier = clock.now(), EarlierTold(file.kind, transfers)
    pairs = sorted(zip(references_of(transfers), transfers, strict=True), key=_first)
    told = set(
        Payment.objects.filter(reference__in=[reference for reference, _ in pairs]).values_list(
            "reference", flat=True
        )
    )
    rows = [
        _judged(_payment(file, each, reference, index, now), *earlier.like(each))
        for reference, each in pairs
        if reference not in told
    ]
    if rows:
        insert_missing(rows)
    return list(Payment.objects.filter(bank_file=file).order_by("record"))


def _judged(payment: Payment, like: Likeness, other: Payment | None) -> Payment:
    """What may be known already is not booked before a person has looked at it."""
    if like != Likeness.OTHER:
        payment.state = PaymentState.KNOWN if like == Likeness.SAME else PaymentState.DOUBTFUL
        payment.customer_id, payment.perhaps_same_as = None, other
    return payment


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


def _match(file: BankFile, payments: Sequence[Payment], index: PayerIndex, losing: Set[int]) -> list[Match]:
    """All balances that the file moves are locked at once, also of those `losing` a transfer (ids)."""
    waiting = [payment for payment in payments if payment.state == PaymentState.UNMATCHED]
    certain = [payment for payment in payments if payment.state == PaymentState.SUCCEEDED]
    claims = [Claim(each, each.customer_id, each.amount) for each in certain if each.customer_id]
    lock_balances({*losing, *(claim.customer_id for claim in claims)})
    arrived = [payment for payment in payments if payment.state in _ARRIVED]
    matches = book_arrivals(arrived, settle(claims))
    file.suggested = len(suggested_among(waiting, index))
    file.unmatched = len(waiting) - file.suggested
    return matches
