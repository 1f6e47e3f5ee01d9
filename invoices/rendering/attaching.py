"""The machine's copy of a document inside its PDF (PDF/A-3)."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from pikepdf import Array, AttachedFileSpec, Name, ObjectStreamMode, Pdf

FILE_NAME = "invoice.xml"


def attach_xml(pdf: bytes, xml: bytes, *, issued_on: date) -> bytes:
    """The PDF with the XML inside, as an alternative of the whole document; equal input gives equal bytes.

    WeasyPrint's own attachment would write /AF twice.
    """
    day = f"D:{issued_on:%Y%m%d}000000Z"
    with Pdf.open(BytesIO(pdf)) as file:
        attached = AttachedFileSpec(
            file,
            xml,
            filename=FILE_NAME,
            mime_type="application/xml",
            description="JP PINT",
            creation_date=day,
            mod_date=day,
        )
        attached.relationship = Name.Alternative
        file.attachments[FILE_NAME] = attached
        file.Root.AF = Array([attached.obj])
        whole = BytesIO()
        file.save(whole, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
        return whole.getvalue()
