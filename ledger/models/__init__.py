from ledger.models.books import Account, CustomerBalance, Entry, Line, Reason, Reservation, ReservedFor
from ledger.models.journal import JournalExport, JournalExported, JournalFormat, JournalMapping, JournalRun

__all__ = [
    "Account",
    "CustomerBalance",
    "Entry",
    "JournalExport",
    "JournalExported",
    "JournalFormat",
    "JournalMapping",
    "JournalRun",
    "Line",
    "Reason",
    "Reservation",
    "ReservedFor",
]
