"""Documents on paper: `render(content_of(document))` is the PDF."""

from invoices.rendering.content import PrintedDocument
from invoices.rendering.from_document import content_of, sample_of

__all__ = ["PrintedDocument", "content_of", "render", "sample_of"]


def render(document: PrintedDocument, xml: bytes | None = None) -> bytes:
    """The PDF of a document's content; see `invoices.rendering.pdf`."""
    # WeasyPrint takes a second and 30 MB to load: only a process that renders pays for it.
    from invoices.rendering.pdf import render as render_pdf

    return render_pdf(document, xml)
