"""Cards that customers saved, what was charged to them, and what their provider told us.

No card number ever reaches us: a card is what the provider calls it, with its brand and last four digits.
"""

from payments.models.cards.charged import (
    CardPayment,
    CardPaymentState,
    CardPurpose,
    CardRefund,
    CardRefundState,
)
from payments.models.cards.disputed import CardDispute, CardDisputeState
from payments.models.cards.saved import BRANDS, Card, CardHolder, CardSetup, CardSetupState, Funding
from payments.models.cards.told import CardSettlement, GatewayEvent

__all__ = [
    "BRANDS",
    "Card",
    "CardDispute",
    "CardDisputeState",
    "CardHolder",
    "CardPayment",
    "CardPaymentState",
    "CardPurpose",
    "CardRefund",
    "CardRefundState",
    "CardSettlement",
    "CardSetup",
    "CardSetupState",
    "Funding",
    "GatewayEvent",
]
