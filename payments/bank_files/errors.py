"""What is wrong with a bank file: every error names its record and field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from billing_project.errors import Code, Refusal

LISTED = 100


class RecordError(NamedTuple):
    """`record` counts from 1, 0 for the file as a whole; `field` is empty when the whole record is meant."""

    record: int
    field: str
    code: str
    message: str


class BankFileRejected(Refusal):
    """The file cannot be used as it is, and nothing was booked; `errors` lists the first hundred reasons."""

    def __init__(self, errors: Sequence[RecordError]) -> None:
        super().__init__(Code.IMPORT_REJECTED)
        self.errors = tuple(errors[:LISTED])


def rejected(record: int, field: str, code: Code, message: str) -> BankFileRejected:
    """The refusal for a single error."""
    return BankFileRejected([RecordError(record, field, code.value, message)])
