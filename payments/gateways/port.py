"""What we ask of a card provider, and what it may answer.

A charge that was refused, or waits for its card holder, is an answer. Raised is what leaves us without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class GatewayError(Exception):
    """The provider gave no answer that settles anything."""


class UnknownAnswer(GatewayError):  # noqa: N818
    """Timeout, lost connection or a fault on the other side: it may have happened. Ask again, same key."""


class Rejected(GatewayError):  # noqa: N818
    """The provider does not do this, and did nothing; `code` says why."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class Misconfigured(GatewayError):  # noqa: N818
    """No key, a wrong one, or one that may not do this: an administrator has to act."""


class BadSignature(GatewayError):  # noqa: N818
    """The message is not from the provider."""


@dataclass(frozen=True, slots=True)
class OpenedSetup:
    """A page of the provider on which a card is entered."""

    session: str
    url: str


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card as the provider describes it."""

    id: str
    brand: str
    funding: str
    last4: str
    exp_month: int
    exp_year: int


class SetupOutcome(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class SetupSeen:
    """How a visit stands; `card` when it is complete."""

    outcome: SetupOutcome
    card: CardSeen | None = None


class ChargeOutcome(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    NEEDS_CUSTOMER = "needs_customer"
    DECLINED = "declined"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ChargeWish:
    """A card to be charged with `amount` yen; the same `key` is charged once."""

    key: str
    holder: str
    card: str
    amount: int
    order_number: str
    tenant: str


@dataclass(frozen=True, slots=True)
class ChargeSeen:
    """How a charge stands; `confirm_url` is the provider's page for its holder, when it gave one.

    `key` and `tenant` are those of the wish, empty for a charge that was not asked for by us.
    """

    id: str
    outcome: ChargeOutcome
    decline_code: str = ""
    confirm_url: str = ""
    key: str = ""
    tenant: str = ""


class RefundOutcome(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundWish:
    """`amount` yen of a charge to be given back; the same `key` is given back once."""

    key: str
    charge: str
    amount: int
    order_number: str
    tenant: str


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """How a refund stands: `amount` yen of `charge`."""

    id: str
    outcome: RefundOutcome
    error: str = ""
    charge: str = ""
    amount: int = 0


class DisputeOutcome(StrEnum):
    """`INQUIRY`: the card company asks, and has taken nothing. `LOST`: what was taken stays taken."""

    INQUIRY = "inquiry"
    TAKEN = "taken"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """How a dispute about `amount` yen of a charge stands."""

    id: str
    charge: str
    amount: int
    outcome: DisputeOutcome


class EventAbout(StrEnum):
    SETUP = "setup"
    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EventSeen:
    """What the provider tells: `about` the thing `subject`, of our own `key` and `tenant` where it says so.

    `charge` is the charge that a refund or a dispute is about. `payload` is as it came.
    """

    id: str
    kind: str
    about: EventAbout
    subject: str = ""
    key: str = ""
    tenant: str = ""
    charge: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


class Gateway(Protocol):
    """A card provider. Every call may raise UnknownAnswer, Rejected or Misconfigured."""

    def ensure_holder(self, *, key: str, name: str, tenant: str) -> str:
        """Its number for a customer; asked again with the same key soon after, the same one."""

    def open_setup(
        self, *, key: str, holder: str, return_url: str, cancel_url: str, tenant: str
    ) -> OpenedSetup:
        """Opens a page on which the holder enters a card, which is not charged yet."""

    def read_setup(self, session: str) -> SetupSeen: ...

    def forget_card(self, card: str) -> None:
        """It can never be charged again; forgotten already, nothing happens."""

    def charge(self, wish: ChargeWish) -> ChargeSeen:
        """Charges it without its holder."""

    def find_charge(self, *, key: str, holder: str) -> ChargeSeen | None:
        """The charge of this key, for one whose answer was lost so long ago that the key is forgotten."""

    def read_charge(self, charge: str) -> ChargeSeen: ...

    def confirm(self, charge: str, *, return_url: str) -> ChargeSeen:
        """Asks its holder, who is here now: `confirm_url` is where to send the browser."""

    def cancel(self, charge: str) -> ChargeSeen:
        """It will not be charged any more; one that was charged stays so, as the answer says."""

    def refund(self, wish: RefundWish) -> RefundSeen: ...

    def find_refund(self, *, key: str, charge: str) -> RefundSeen | None:
        """The refund of this key, as `find_charge`."""

    def read_refund(self, refund: str) -> RefundSeen: ...

    def read_dispute(self, dispute: str) -> DisputeSeen: ...

    def parse_event(self, body: bytes, signature: str) -> EventSeen:
        """What a message says. Raises BadSignature when it is not the provider's."""

    def understand(self, payload: Mapping[str, Any]) -> EventSeen:
        """The same for a message that was checked before."""
