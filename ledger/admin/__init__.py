"""The operators' pages about the books."""

from ledger.admin import effects, entries, journal, reports

__all__ = ["effects", "entries", "journal", "reports"]
