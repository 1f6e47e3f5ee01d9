"""The files of a document, for people and machines: made once, kept with their SHA-256, never made anew."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connection, transaction

from billing_project import clock
from invoices.eseal.services import note_seal, seal
from invoices.models import Document, DocumentFile
from invoices.pint import write_pint
from invoices.rendering import content_of, render

PDF = "application/pdf"
XML = "application/xml"
# The first half of the advisory lock's key; the second is the document.
_FILES = 0x46494C45


def ensure_file(document: Document, media_type: str = PDF) -> DocumentFile:
    """The document as PDF, or as JP PINT XML; made now if nobody has made it yet. Two at once make one."""
    return _stored(document, media_type) or _make(document, media_type)


def _stored(document: Document, media_type: str) -> DocumentFile | None:
    stored: DocumentFile | None = DocumentFile.objects.filter(
        document=document, media_type=media_type
    ).first()
    return stored


@transaction.atomic
def _make(document: Document, media_type: str) -> DocumentFile:
    """Both at once: the PDF holds the XML. Who comes while somebody else makes them waits and takes those."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", _lock_of(document.pk))
    if (stored := _stored(document, media_type)) is not None:
        return stored
    content = content_of(document)
    xml = write_pint(content)
    sealed = seal(render(content, xml), name=content.issuer.name)
    made = _file(document, PDF, sealed.pdf)
    DocumentFile.objects.bulk_create([_file(document, XML, xml), made], ignore_conflicts=True)
    stored = _stored(document, media_type)
    assert stored is not None
    if sealed.certificate and DocumentFile.objects.filter(document=document, sha256=made.sha256).exists():
        note_seal(document, sealed.certificate)
    return stored


def claim(document_id: int) -> bool:
    """Whether nobody else is making the document's files; then it is us until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s::int)", _lock_of(document_id))
        return bool(cursor.fetchone()[0])


def _lock_of(document_id: int) -> list[int]:
    """Ids are unique over all tenants. Two that share a lock wait for each other and no more."""
    return [_FILES, document_id % 2**31]


def _file(document: Document, media_type: str, content: bytes) -> DocumentFile:
    return DocumentFile(document=document, **file_fields(content, media_type))


def file_fields(content: bytes, media_type: str = PDF) -> dict[str, Any]:
    """The fields of a stored file: of a document, or of a quote."""
    return {
        "media_type": media_type,
        "content": content,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "made_at": clock.now(),
    }
