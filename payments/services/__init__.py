"""Money that arrives by bank transfer, and the names under which customers send it."""

from payments.services.importing import ImportResult, import_bank_file
from payments.services.matching import Part, match_by_hand
from payments.services.payers import add_payer_name, set_virtual_account
from payments.services.receiving import receive_transfer
from payments.services.undoing import send_back, undo_match

__all__ = [
    "ImportResult",
    "Part",
    "add_payer_name",
    "import_bank_file",
    "match_by_hand",
    "receive_transfer",
    "send_back",
    "set_virtual_account",
    "undo_match",
]
