"""Previews of documents: shown in the browser, stored nowhere, noted in no download log."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from invoices.rendering import PrintedDocument
from invoices.services.files import PDF
from invoices.services.previews import preview_pdf

_FILE_NAME = "preview.pdf"


def preview_response(contents: Sequence[PrintedDocument]) -> HttpResponse:
    """The previews as a PDF that the browser shows. There must be one at least."""
    response = HttpResponse(preview_pdf(contents), content_type=PDF)
    response["Content-Disposition"] = content_disposition_header(False, _FILE_NAME) or ""
    response["Cache-Control"] = "private, no-store"
    return response
