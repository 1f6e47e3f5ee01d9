"""The operators' pages about the books."""

from ledger.admin import effects, entries, journal, journal_runs, reports

__all__ = ["effects", "entries", "journal", "journal_runs", "reports"]
