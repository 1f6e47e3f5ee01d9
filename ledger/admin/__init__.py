"""The operators' pages about the books."""

from ledger.admin import entries, journal, reports

__all__ = ["entries", "journal", "reports"]
