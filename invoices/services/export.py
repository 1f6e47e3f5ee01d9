"""Documents in a folder: an index as CSV, and the file of each. Opens its own transactions."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant
from accounts.policy.choices import TaxCategory
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from invoices.models import Document
from invoices.services.files import ensure_file

BATCH = 20
INDEX = "index.csv"

Progress = Callable[[int, int], None]
"""Told how many documents of how many are written."""


class DamagedFileError(RuntimeError):
    """A stored file is not what its SHA-256 says."""


@dataclass(frozen=True)
class IndexRow:
    """A document in the index; sums in yen. `file` is its name in the folder."""

    number: str
    kind: str
    issued: date
    due: date | None
    customer_code: str
    customer_name: str
    net_standard: int
    tax_standard: int
    net_reduced: int
    tax_reduced: int
    net_untaxed: int
    total: int
    file: str
    sha256: str


COLUMNS = tuple(field.name for field in fields(IndexRow))


def export_documents(
    *, tenant: Tenant, first: date, last: date, folder: Path, progress: Progress | None = None
) -> int:
    """Writes the documents issued from `first` to `last`, both included; gives their count.

    The index comes last and under its name only when it is whole. A file that is not made yet is made now.
    Raises Refusal `invalid_date` when the days are in the wrong order, OSError when the folder cannot be
    written, DamagedFileError.
    """
    if last < first:
        raise Refusal(Code.INVALID_DATE, _("The last day comes before the first. Please correct the days."))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INDEX).unlink(missing_ok=True)
    with tenant_context(tenant):
        ids = _ids(first, last)
        record("documents_exported", first=str(first), last=str(last), count=len(ids))
    unfinished = folder / f"{INDEX}.part"
    with unfinished.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        for done, row in enumerate(_rows(tenant, ids, folder), 1):
            writer.writerow(asdict(row))
            if progress:
                progress(done, len(ids))
    unfinished.replace(folder / INDEX)
    return len(ids)


def _ids(first: date, last: date) -> list[int]:
    found = Document.objects.filter(issued_on__range=(first, last))
    return list(found.order_by("issued_on", "kind", "year", "serial").values_list("pk", flat=True))


def _rows(tenant: Tenant, ids: list[int], folder: Path) -> Iterator[IndexRow]:
    """Batch by batch, so that what was rendered stays, and one file at a time is in memory."""
    for start in range(0, len(ids), BATCH):
        with tenant_context(tenant):
            batch = Document.objects.filter(pk__in=ids[start : start + BATCH])
            documents = batch.select_related("customer", "addressee").prefetch_related("taxes")
            by_id = {document.pk: document for document in documents}
            rows = [_write(by_id[id_], folder) for id_ in ids[start : start + BATCH]]
        yield from rows


def _write(document: Document, folder: Path) -> IndexRow:
    stored = ensure_file(document)
    content = bytes(stored.content)
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise DamagedFileError(document.number)
    file = f"{document.number}.pdf"
    (folder / file).write_bytes(content)
    return _index_row(document, file, stored.sha256)


def _index_row(document: Document, file: str, sha256: str) -> IndexRow:
    standard, reduced = (
        _sums(document, category) for category in (TaxCategory.STANDARD, TaxCategory.REDUCED)
    )
    return IndexRow(
        number=document.number,
        kind=document.kind,
        issued=document.issued_on,
        due=document.due_on,
        customer_code=document.customer.code,
        customer_name=document.addressee.company_name,
        net_standard=standard[0],
        tax_standard=standard[1],
        net_reduced=reduced[0],
        tax_reduced=reduced[1],
        net_untaxed=document.net_total - standard[0] - reduced[0],
        total=document.total,
        file=file,
        sha256=sha256,
    )


def _sums(document: Document, category: TaxCategory) -> tuple[int, int]:
    """Net and tax of a category, of whatever rates it had on the days of supply."""
    taxes = [tax for tax in document.taxes.all() if tax.tax_category == category]
    return sum(tax.net for tax in taxes), sum(tax.tax for tax in taxes)
