"""Money that arrives by bank transfer, the names under which customers send it, and pay-outs."""

from payments.services.deposits import apply_deposit, report_deposits
from payments.services.doubts import settle_doubt, settle_doubts_of
from payments.services.importing import ImportPreview, ImportResult, import_bank_file, preview_bank_file
from payments.services.leaving import let_customer_leave
from payments.services.mappings import Sample, read_sample, save_csv_mapping
from payments.services.matching import Part, match_by_hand
from payments.services.payers import add_payer_name, set_virtual_account
from payments.services.payouts import (
    confirm_payout_file,
    discard_payout_file,
    request_payout,
    return_payout,
    set_payout_sender,
    withdraw_payout,
    write_payout_file,
)
from payments.services.receiving import receive_transfer
from payments.services.taking_back import retry_cancellation, settle_cancellation
from payments.services.undoing import send_back, undo_match

__all__ = [
    "ImportPreview",
    "ImportResult",
    "Part",
    "Sample",
    "add_payer_name",
    "apply_deposit",
    "confirm_payout_file",
    "discard_payout_file",
    "import_bank_file",
    "let_customer_leave",
    "match_by_hand",
    "preview_bank_file",
    "read_sample",
    "receive_transfer",
    "report_deposits",
    "request_payout",
    "retry_cancellation",
    "return_payout",
    "save_csv_mapping",
    "send_back",
    "set_payout_sender",
    "set_virtual_account",
    "settle_cancellation",
    "settle_doubt",
    "settle_doubts_of",
    "undo_match",
    "withdraw_payout",
    "write_payout_file",
]
