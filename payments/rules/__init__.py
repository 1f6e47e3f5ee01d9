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
from payments.rules.payers import Candidate, PayerIndex, numbers_in
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
    "NotBankKana",
    "PayerIndex",
    "bank_kana",
    "bare_name",
    "check_payer_name",
    "check_same_transfer",
    "check_transfer",
    "choose_documents",
    "numbers_in",
    "pay_named",
    "printed_name",
    "without_numbers",
]
