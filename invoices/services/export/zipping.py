"""A ZIP archive, sent while it is put together: neither disk nor memory ever holds it whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from invoices.services.export.index import INDEX, files_of, index_of


def zip_of(tenant_id: int, ids: Sequence[int], day: date) -> Iterator[bytes]:
    """The archive in pieces: the index, then the files. Own transactions. Raises DamagedFileError."""
    pieces = _Pieces()
    with ZipFile(pieces, "w") as archive:  # type: ignore[call-overload]
        _add(archive, INDEX, index_of(tenant_id, ids), day)
        for document, files in files_of(tenant_id, ids):
            for name, content in files:
                _add(archive, name, content, document.issued_on)
            yield pieces.taken()
    yield pieces.taken()


class _Pieces:
    """What was written since it was last taken; a stream that knows no way back."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def taken(self) -> bytes:
        taken, self._written = b"".join(self._written), []
        return taken


def _add(archive: ZipFile, name: str, content: bytes, day: date) -> None:
    """Dated by the document, so that the same export is the same archive. PDFs are compressed already."""
    entry = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    entry.compress_type = ZIP_STORED if name.endswith(".pdf") else ZIP_DEFLATED
    archive.writestr(entry, content)
