"""The file of a document: made once, kept with its SHA-256, never made anew."""

from __future__ import annotations

import hashlib

from billing_project import clock
from invoices.models import Document, DocumentFile
from invoices.rendering import content_of, render

PDF = "application/pdf"


def ensure_file(document: Document) -> DocumentFile:
    """The PDF of the document; made now if nobody has made it yet. Two at once make one."""
    return _stored(document) or _make(document)


def _stored(document: Document) -> DocumentFile | None:
    stored: DocumentFile | None = DocumentFile.objects.filter(document=document, media_type=PDF).first()
    return stored


def _make(document: Document) -> DocumentFile:
    content = render(content_of(document))
    made = DocumentFile(
        document=document,
        media_type=PDF,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=clock.now(),
    )
    DocumentFile.objects.bulk_create([made], ignore_conflicts=True)
    stored = _stored(document)
    assert stored is not None
    return stored
