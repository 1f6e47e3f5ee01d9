"""Pages of a PDF as pictures, for browsers that show no PDF inside a page."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

import pypdfium2
from django.core.cache import cache

from invoices.models import DocumentFile

PAGES_SHOWN = 5
_WIDTH = 1000
_KEPT_SECONDS = 3600
_one_at_a_time = Lock()
"""PDFium may be used by one thread at a time."""


def count_pages(pdf: bytes) -> int:
    with _one_at_a_time:
        return len(pypdfium2.PdfDocument(pdf))


def page_picture(file: DocumentFile, number: int) -> bytes | None:
    """Page `number`, from 1, as PNG 1000 pixels wide; None when there is no such page, or it is not shown."""
    if not 1 <= number <= PAGES_SHOWN:
        return None
    key = f"page:{file.sha256}:{number}"
    picture: bytes | None = cache.get(key)
    if picture is None:
        picture = _drawn(bytes(file.content), number - 1)
        cache.set(key, picture, _KEPT_SECONDS)
    return picture or None


def _drawn(pdf: bytes, index: int) -> bytes:
    """Empty: no such page."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        if index >= len(document):
            return b""
        page = document[index]
        image = page.render(scale=_WIDTH / page.get_width(), grayscale=False).to_pil()
    written = BytesIO()
    image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()
