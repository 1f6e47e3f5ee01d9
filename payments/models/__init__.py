from payments.models.bank import BankCsvMapping, BankFile, BankFileKind, CsvEncoding
from payments.models.payers import PayerName, VirtualAccount
from payments.models.payment import Match, MatchKind, Payment, PaymentMethodUsed, PaymentState

__all__ = [
    "BankCsvMapping",
    "BankFile",
    "BankFileKind",
    "CsvEncoding",
    "Match",
    "MatchKind",
    "PayerName",
    "Payment",
    "PaymentMethodUsed",
    "PaymentState",
    "VirtualAccount",
]
