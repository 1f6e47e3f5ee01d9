"""What is handed over of documents: a row of the index, and the files it names. Own transactions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date

from accounts.policy.choices import TaxCategory
from billing_project.listing import BOM, csv_lines
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentFile
from invoices.services.files import PDF, XML, ensure_file

ROWS_AT_ONCE = 500
FILES_AT_ONCE = 20
INDEX = "index.csv"
ENDINGS = {PDF: "pdf", XML: "xml"}


class DamagedFileError(RuntimeError):
    """A stored file is not what its SHA-256 says."""


@dataclass(frozen=True)
class IndexRow:
    """A document in the index; sums in yen. `file` and `xml_file` are its names beside the index."""

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
    net: int
    tax: int
    total: int
    file: str
    sha256: str
    xml_file: str
    xml_sha256: str


COLUMNS = tuple(field.name for field in fields(IndexRow))


def index_of(tenant_id: int, ids: Sequence[int]) -> bytes:
    """The index as spreadsheets in Japan open it. The files have been made."""
    rows = [astuple(row) for start in _starts(ids, ROWS_AT_ONCE) for row in _rows(tenant_id, start)]
    return BOM + csv_lines([COLUMNS, *rows])


def files_of(tenant_id: int, ids: Sequence[int]) -> Iterator[tuple[Document, list[tuple[str, bytes]]]]:
    """Each document with the names and contents of its files; few at a time are in memory.

    A file that is not made yet is made now. Raises DamagedFileError.
    """
    for part in _starts(ids, FILES_AT_ONCE):
        with tenant_context(tenant_id):
            by_id = Document.objects.in_bulk(part)
            found = [(by_id[id_], [_content(by_id[id_], form) for form in ENDINGS]) for id_ in part]
        yield from found


def _starts(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _content(document: Document, media_type: str) -> tuple[str, bytes]:
    stored = ensure_file(document, media_type)
    content = bytes(stored.content)
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise DamagedFileError(document.number)
    return _name(document, media_type), content


def _name(document: Document, media_type: str) -> str:
    return f"{document.number}.{ENDINGS[media_type]}"


def _rows(tenant_id: int, ids: Sequence[int]) -> list[IndexRow]:
    with tenant_context(tenant_id):
        documents = Document.objects.select_related("customer", "addressee").prefetch_related("taxes")
        by_id = {document.pk: document for document in documents.filter(pk__in=ids)}
        stored = DocumentFile.objects.filter(document__in=ids)
        hashes = {
            (document_id, media_type): sha256
            for document_id, media_type, sha256 in stored.values_list("document_id", "media_type", "sha256")
        }
        return [_row(by_id[id_], hashes) for id_ in ids]


def _row(document: Document, hashes: dict[tuple[int, str], str]) -> IndexRow:
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
        net=document.net_total,
        tax=document.tax_total,
        total=document.total,
        file=_name(document, PDF),
        sha256=hashes[document.pk, PDF],
        xml_file=_name(document, XML),
        xml_sha256=hashes[document.pk, XML],
    )


def _sums(document: Document, category: TaxCategory) -> tuple[int, int]:
    """Net and tax of a category, of whatever rates it had on the days of supply."""
    taxes = [tax for tax in document.taxes.all() if tax.tax_category == category]
    return sum(tax.net for tax in taxes), sum(tax.tax for tax in taxes)
