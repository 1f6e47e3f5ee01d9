"""A bank file read by its kind, and what identifies each of its entries."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing_project import clock
from billing_project.errors import Code
from billing_project.jobs.uploads import MAX_BYTES
from billing_project.tenancy.lookup import current_tenant
from payments.bank_files.csv_file import CsvMapping, read_csv
from payments.bank_files.errors import rejected
from payments.bank_files.incoming import Incoming, IncomingFile, read_incoming
from payments.bank_files.zengin import looks_like_zengin
from payments.models import BankCsvMapping


def read_bank_file(content: bytes, mapping: BankCsvMapping | None) -> IncomingFile:
    """A file of kind 01 or 03, or a CSV by its mapping. Raises BankFileRejected naming records and fields."""
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


def references_of(transfers: Sequence[Incoming]) -> list[str]:
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
