"""Several PDFs as one to be printed, with a list of them in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from django.template import Context, Engine
from pikepdf import Pdf

from invoices.rendering.formats import long_date, printable

_TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document of the pile: what the list in front says of it, and its PDF."""

    number: str
    kind: str
    addressee: str
    address: str
    pdf: bytes


def merge(day: date, sheets: Sequence[Sheet]) -> bytes:
    """The list, then all documents in its order. Only for printing: attachments are left out."""
    from invoices.rendering.pdf import html_to_pdf

    opened = [Pdf.open(BytesIO(sheet.pdf)) for sheet in sheets]
    counts = [len(pdf.pages) for pdf in opened]
    merged = Pdf.open(BytesIO(html_to_pdf(_cover(day, sheets, counts))))
    for pdf in opened:
        merged.pages.extend(pdf.pages)
    written = BytesIO()
    merged.save(written)
    return written.getvalue()


def joined(pdfs: Sequence[bytes]) -> bytes:
    """One after the other, without a list."""
    whole = Pdf.new()
    for pdf in pdfs:
        with Pdf.open(BytesIO(pdf)) as opened:
            whole.pages.extend(opened.pages)
    written = BytesIO()
    whole.save(written)
    return written.getvalue()


def _cover(day: date, sheets: Sequence[Sheet], counts: Sequence[int]) -> str:
    rows = [
        {
            "place": place,
            "number": printable(sheet.number),
            "kind": sheet.kind,
            "addressee": printable(sheet.addressee),
            "address": printable(sheet.address),
            "pages": count,
        }
        for place, (sheet, count) in enumerate(zip(sheets, counts, strict=True), start=1)
    ]
    template = Engine(dirs=[str(_TEMPLATES)]).get_template("cover.html")
    return template.render(Context({"day": long_date(day), "rows": rows, "pages": sum(counts)}))
