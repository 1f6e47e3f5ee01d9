"""Free deposit paid out: asked for, written into a bank file, executed, returned or withdrawn (A15)."""

from payments.services.payouts.asking import request_payout, withdraw_payout
from payments.services.payouts.executing import confirm_payout_file, return_payout
from payments.services.payouts.sender import set_payout_sender
from payments.services.payouts.writing import discard_payout_file, write_payout_file

__all__ = [
    "confirm_payout_file",
    "discard_payout_file",
    "request_payout",
    "return_payout",
    "set_payout_sender",
    "withdraw_payout",
    "write_payout_file",
]
