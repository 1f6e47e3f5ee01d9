from payments.models.bank import BankCsvMapping, BankFile, BankFileKind, CsvEncoding
from payments.models.cards import (
    Card,
    CardHolder,
    CardPayment,
    CardPaymentState,
    CardPurpose,
    CardRefund,
    CardRefundState,
    CardSettlement,
    CardSetup,
    CardSetupState,
    Funding,
    GatewayEvent,
)
from payments.models.dunning import DunningCase, DunningHalt, DunningStepTaken, Recovery, WriteOff
from payments.models.payers import PayerName, VirtualAccount
from payments.models.payment import Match, MatchKind, Payment, PaymentMethodUsed, PaymentState

__all__ = [
    "BankCsvMapping",
    "BankFile",
    "BankFileKind",
    "Card",
    "CardHolder",
    "CardPayment",
    "CardPaymentState",
    "CardPurpose",
    "CardRefund",
    "CardRefundState",
    "CardSettlement",
    "CardSetup",
    "CardSetupState",
    "CsvEncoding",
    "DunningCase",
    "DunningHalt",
    "DunningStepTaken",
    "Funding",
    "GatewayEvent",
    "Match",
    "MatchKind",
    "PayerName",
    "Payment",
    "PaymentMethodUsed",
    "PaymentState",
    "Recovery",
    "VirtualAccount",
    "WriteOff",
]
