"""The columns of a bank's CSV, mapped once per bank and tried on a sample."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from payments.bank_files.csv_file import read_csv
from payments.bank_files.errors import BankFileRejected, RecordError
from payments.bank_files.incoming import Incoming
from payments.models import BankCsvMapping
from payments.services.reading import columns_of

SAMPLE_BYTES = 16_384
FIRST_LINES = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """The first lines of a sample as they stand, and what the mapping reads of it or what is wrong."""

    lines: tuple[tuple[str, ...], ...]
    transfers: tuple[Incoming, ...] = ()
    errors: tuple[RecordError, ...] = ()


@transaction.atomic
def save_csv_mapping(
    *, mapping: BankCsvMapping | None = None, sample: bytes | None = None, **fields: Any
) -> BankCsvMapping:
    """Makes or changes a mapping; of the sample file its first lines are kept, None keeps what is there.

    Raises Refusal `invalid_input` with the problems per field. A mapping that cannot read its sample is kept:
    its page says why, and an import by it is refused.
    """
    row = mapping or BankCsvMapping()
    for name, value in fields.items():
        setattr(row, name, value)
    if sample is not None:
        row.sample = _first_lines(sample)
    _check(row)
    row.save()
    record("bank_csv_mapped", row, name=row.name, account=row.account)
    return row


def read_sample(mapping: BankCsvMapping) -> Sample:
    """Tries the mapping on its sample."""
    content = bytes(mapping.sample)
    text = content.decode("utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding, errors="replace")
    lines = tuple(tuple(line) for line in csv.reader(io.StringIO(text, newline="")))[:FIRST_LINES]
    try:
        read = read_csv(content, columns_of(mapping), today=clock.today(current_tenant().zone))
    except BankFileRejected as refusal:
        return Sample(lines, errors=refusal.errors)
    return Sample(lines, read.transfers)


def _first_lines(sample: bytes) -> bytes:
    """Whole lines, so that nothing is cut within a character."""
    if len(sample) <= SAMPLE_BYTES:
        return sample
    return sample[: sample.rfind(b"\n", 0, SAMPLE_BYTES) + 1]


def _check(row: BankCsvMapping) -> None:
    try:
        row.full_clean(exclude=["tenant"], validate_constraints=False)
    except ValidationError as error:
        problems = [{"field": name, "message": " ".join(texts)} for name, texts in error.message_dict.items()]
        raise Refusal(Code.INVALID_INPUT, problems=problems) from error
    if BankCsvMapping.objects.filter(name=row.name).exclude(pk=row.pk).exists():
        raise Refusal(
            Code.INVALID_INPUT, _("The columns of this bank have been mapped. Change that mapping.")
        )
