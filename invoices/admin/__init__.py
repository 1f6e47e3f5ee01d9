"""The operators' pages about closings and documents."""

from invoices.admin import (
    closings,
    document_acts,
    documents,
    figures,
    next_closing,
    paper,
    sample_documents,
)

__all__ = [
    "closings",
    "document_acts",
    "documents",
    "figures",
    "next_closing",
    "paper",
    "sample_documents",
]
