"""The operators' pages about closings and documents."""

from invoices.admin import (
    ages,
    closings,
    corrections,
    document_acts,
    documents,
    eseal,
    exports,
    figures,
    inbox,
    next_closing,
    paper,
    sample_documents,
    search,
    wrong_recipients,
)

__all__ = [
    "ages",
    "closings",
    "corrections",
    "document_acts",
    "documents",
    "eseal",
    "exports",
    "figures",
    "inbox",
    "next_closing",
    "paper",
    "sample_documents",
    "search",
    "wrong_recipients",
]
