"""Decisions about money that arrives. Pure: no database, no clock."""

from payments.bank_files.kana import NotBankKana, bank_kana, printed_name
from payments.bank_files.legal_forms import bare_name, without_numbers
from payments.rules.choosing import (
    USUAL_FEE,
    Bill,
    Choice,
    choose_documents,
    pay_named,
)
from payments.rules.deposits import is_day_of_record, last_day_of_record
from payments.rules.identity import Likeness, Told, likeness
from payments.rules.payers import Candidate, CustomerNames, PayerIndex, numbers_in
from payments.rules.payouts import (
    Destination,
    can_be_paid_out,
    check_codes,
    check_payout,
    holder_for_file,
    is_same_name,
)
from payments.rules.transfers import (
    MAX_NAME,
    MAX_REFERENCE,
    check_payer_name,
    check_same_transfer,
    check_transfer,
)

__all__ = [
    "MAX_NAME",
    "MAX_REFERENCE",
    "USUAL_FEE",
    "Bill",
    "Candidate",
    "Choice",
    "CustomerNames",
    "Destination",
    "Likeness",
    "NotBankKana",
    "PayerIndex",
    "Told",
    "bank_kana",
    "bare_name",
    "can_be_paid_out",
    "check_codes",
    "check_payer_name",
    "check_payout",
    "check_same_transfer",
    "check_transfer",
    "choose_documents",
    "holder_for_file",
    "is_day_of_record",
    "is_same_name",
    "last_day_of_record",
    "likeness",
    "numbers_in",
    "pay_named",
    "printed_name",
    "without_numbers",
]
