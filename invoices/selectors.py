"""Questions about charges, closings and documents, asked in the tenant's context."""

from __future__ import annotations

from invoices.models import Charge, DocumentLine


def is_billed(charge: Charge) -> bool:
    """Whether a document names the charge."""
    return DocumentLine.objects.filter(charge=charge).exists()
