"""The operators' pages about the books."""

from ledger.admin import entries, reports

__all__ = ["entries", "reports"]
