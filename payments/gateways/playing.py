"""A card provider inside this process that does as it is told: for playbooks and tests of services.

What it knows is kept in memory, so it lasts as long as the process.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar

from payments.gateways.port import (
    BadSignature,
    CardSeen,
    ChargeOutcome,
    ChargeSeen,
    ChargeWish,
    DisputeOutcome,
    DisputeSeen,
    EventAbout,
    EventSeen,
    OpenedSetup,
    RefundOutcome,
    RefundSeen,
    RefundWish,
    Rejected,
    SetupOutcome,
    SetupSeen,
    UnknownAnswer,
)

SECRET = b"playing"
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class PlayingCard:
    """`declined_from`: the first charge that is refused; `confirms_from`: the first one its holder must
    confirm; None: none is."""

    funding: str = "credit"
    brand: str = "visa"
    declined_from: int | None = None
    confirms_from: int | None = None


@dataclass(slots=True)
class _Charge:
    wish: ChargeWish
    seen: ChargeSeen
    refunded: int = 0


@dataclass(slots=True)
class _Setup:
    key: str
    tenant: str
    card: CardSeen | None = None
    expired: bool = False


@dataclass(slots=True)
class PlayingGateway:
    """`lose`: how many answers of each call get lost after the deed; `away`: no call arrives at all."""

    lose: Counter[str] = field(default_factory=Counter)
    away: bool = False
    refunds_fail: str = ""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    charges: dict[str, _Charge] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    _setups: dict[str, _Setup] = field(default_factory=dict)
    disputes: dict[str, DisputeSeen] = field(default_factory=dict)
    _refunds: dict[str, tuple[RefundWish, RefundSeen]] = field(default_factory=dict)
    _cards: dict[str, PlayingCard] = field(default_factory=dict)
    _charged: Counter[str] = field(default_factory=Counter)
    _serial: Any = field(default_factory=lambda: count(1))
    _turn: Any = field(default_factory=threading.RLock)

    # What a card holder does.

    def enter(self, session: str, card: PlayingCard) -> None:
        """The holder enters this card on the provider's page."""
        with self._turn:
            self._setups[session].card = self.issue(card)

    def issue(self, card: PlayingCard) -> CardSeen:
        """A card of this behaviour, known to the provider."""
        card_id = self._new("pm")
        self._cards[card_id] = card
        return CardSeen(card_id, card.brand, card.funding, "4242", 12, 2040)

    def leave(self, session: str) -> None:
        """The page is left until it expires."""
        self._setups[session].expired = True

    def answer_holder(self, charge: str, *, agrees: bool = True) -> None:
        """The holder confirms a charge, or fails to."""
        with self._turn:
            held = self.charges[charge]
            if held.seen.outcome == ChargeOutcome.NEEDS_CUSTOMER:
                held.seen = (
                    replace(held.seen, outcome=ChargeOutcome.SUCCEEDED, confirm_url="")
                    if agrees
                    else _declined(held.seen, "authentication_failed")
                )

    # What the provider tells.

    def event(self, kind: str, about: EventAbout, subject: str, **more: Any) -> tuple[bytes, str]:
        """A signed message: its body and its signature."""
        message = {"id": self._new("evt"), "type": kind, "about": about, "subject": subject, **more}
        body = json.dumps(message).encode()
        return body, _sign(body)

    def dispute(self, charge: str, amount: int | None = None) -> tuple[bytes, str]:
        """The card company takes back what is left of a charge, or so much of it, and says so."""
        held, dispute = self.charges[charge], self._new("dp")
        left = held.wish.amount - held.refunded
        taken = left if amount is None else min(amount, left)
        self.disputes[dispute] = DisputeSeen(dispute, charge, taken, DisputeOutcome.TAKEN)
        return self.event("charge.dispute.created", EventAbout.DISPUTE, dispute, charge=charge)

    def close_dispute(self, dispute: str, *, won: bool = True) -> tuple[bytes, str]:
        """The card company decides: a dispute that is won brings the money back."""
        outcome = DisputeOutcome.WON if won else DisputeOutcome.LOST
        seen = self.disputes[dispute] = replace(self.disputes[dispute], outcome=outcome)
        return self.event("charge.dispute.closed", EventAbout.DISPUTE, dispute, charge=seen.charge)

    def refund_by_hand(self, charge: str, amount: int) -> tuple[bytes, str]:
        """Somebody gives money back on the provider's own pages."""
        wish = RefundWish(key=self._new("hand"), charge=charge, amount=amount, order_number="", tenant="")
        refund = self.refund(wish)
        return self.event("refund.created", EventAbout.REFUND, refund.id, charge=charge)

    def fail_refund(self, refund: str, error: str = "expired_or_canceled_card") -> tuple[bytes, str]:
        """A refund turns out not to have arrived, and the provider says so."""
        [(key, wish, seen)] = [(key, *both) for key, both in self._refunds.items() if both[1].id == refund]
        self.charges[wish.charge].refunded -= wish.amount
        self._refunds[key] = wish, replace(seen, outcome=RefundOutcome.FAILED, error=error)
        return self.event("refund.failed", EventAbout.REFUND, refund, charge=wish.charge, key=key)

    # The port.

    def ensure_holder(self, *, key: str, name: str, tenant: str) -> str:
        self._called("ensure_holder", key)
        return f"cus_{key}"

    def open_setup(
        self, *, key: str, holder: str, return_url: str, cancel_url: str, tenant: str
    ) -> OpenedSetup:
        self._called("open_setup", key)
        session = f"cs_{key}"
        self._setups.setdefault(session, _Setup(key, tenant))
        return self._answer("open_setup", OpenedSetup(session, return_url))

    def read_setup(self, session: str) -> SetupSeen:
        self._called("read_setup", session)
        setup = self._setups[session]
        if setup.card:
            return SetupSeen(SetupOutcome.COMPLETE, setup.card)
        return SetupSeen(SetupOutcome.EXPIRED if setup.expired else SetupOutcome.OPEN)

    def forget_card(self, card: str) -> None:
        self._called("forget_card", card)
        self.forgotten.add(card)

    def charge(self, wish: ChargeWish) -> ChargeSeen:
        self._called("charge", wish)
        with self._turn:
            known = next((each for each in self.charges.values() if each.wish.key == wish.key), None)
            if known is None:
                known = _Charge(wish, self._first_answer(wish))
                self.charges[known.seen.id] = known
            elif known.wish != wish:
                raise Rejected("idempotency_key_in_use")
            return self._answer("charge", known.seen)

    def find_charge(self, *, key: str, holder: str) -> ChargeSeen | None:
        self._called("find_charge", key)
        return next((each.seen for each in self.charges.values() if each.wish.key == key), None)

    def read_charge(self, charge: str) -> ChargeSeen:
        self._called("read_charge", charge)
        return self.charges[charge].seen

    def confirm(self, charge: str, *, return_url: str) -> ChargeSeen:
        self._called("confirm", charge)
        held = self.charges[charge]
        if held.seen.outcome == ChargeOutcome.NEEDS_CUSTOMER:
            held.seen = replace(held.seen, confirm_url=return_url)
        return self._answer("confirm", held.seen)

    def cancel(self, charge: str) -> ChargeSeen:
        self._called("cancel", charge)
        with self._turn:
            held = self.charges[charge]
            if held.seen.outcome != ChargeOutcome.SUCCEEDED:
                held.seen = replace(held.seen, outcome=ChargeOutcome.CANCELLED)
            return self._answer("cancel", held.seen)

    def refund(self, wish: RefundWish) -> RefundSeen:
        self._called("refund", wish)
        with self._turn:
            if wish.key not in self._refunds:
                self._refunds[wish.key] = wish, self._refund(wish)
            return self._answer("refund", self._refunds[wish.key][1])

    def find_refund(self, *, key: str, charge: str) -> RefundSeen | None:
        self._called("find_refund", key)
        return self._refunds[key][1] if key in self._refunds else None

    def read_refund(self, refund: str) -> RefundSeen:
        self._called("read_refund", refund)
        return next(seen for _wish, seen in self._refunds.values() if seen.id == refund)

    def read_dispute(self, dispute: str) -> DisputeSeen:
        self._called("read_dispute", dispute)
        return self.disputes[dispute]

    def parse_event(self, body: bytes, signature: str) -> EventSeen:
        if not hmac.compare_digest(signature, _sign(body)):
            raise BadSignature("The signature does not fit.")
        return self.understand(json.loads(body))

    def understand(self, payload: Mapping[str, Any]) -> EventSeen:
        return EventSeen(
            id=payload["id"],
            kind=payload["type"],
            about=EventAbout(payload["about"]),
            subject=payload["subject"],
            key=payload.get("key", ""),
            tenant=payload.get("tenant", ""),
            charge=payload.get("charge", ""),
            payload=payload,
        )

    def _first_answer(self, wish: ChargeWish) -> ChargeSeen:
        if wish.card in self.forgotten or wish.card not in self._cards:
            raise Rejected("payment_method_unusable")
        card = self._cards[wish.card]
        self._charged[wish.card] += 1
        nth = self._charged[wish.card]
        seen = ChargeSeen(self._new("pi"), ChargeOutcome.SUCCEEDED, key=wish.key, tenant=wish.tenant)
        if card.declined_from is not None and nth >= card.declined_from:
            return _declined(seen, "card_declined")
        if card.confirms_from is not None and nth >= card.confirms_from:
            return replace(seen, outcome=ChargeOutcome.NEEDS_CUSTOMER)
        return seen

    def _refund(self, wish: RefundWish) -> RefundSeen:
        held = self.charges[wish.charge]
        if wish.amount > held.wish.amount - held.refunded:
            raise Rejected("charge_already_refunded")
        if self._is_disputed(wish.charge):
            raise Rejected("charge_disputed")
        seen = RefundSeen(self._new("re"), RefundOutcome.SUCCEEDED, charge=wish.charge, amount=wish.amount)
        if self.refunds_fail:
            return replace(seen, outcome=RefundOutcome.FAILED, error=self.refunds_fail)
        held.refunded += wish.amount
        return seen

    def _is_disputed(self, charge: str) -> bool:
        taken = (DisputeOutcome.TAKEN, DisputeOutcome.LOST)
        return any(each.charge == charge and each.outcome in taken for each in self.disputes.values())

    def _called(self, name: str, about: Any) -> None:
        self.calls.append((name, about))
        if self.away:
            raise UnknownAnswer("The provider cannot be reached.")

    def _answer(self, name: str, answer: A) -> A:
        if self.lose[name]:
            self.lose[name] -= 1
            raise UnknownAnswer("The answer was lost.")
        return answer

    def _new(self, kind: str) -> str:
        return f"{kind}_playing_{id(self):x}_{next(self._serial)}"


def _declined(seen: ChargeSeen, code: str) -> ChargeSeen:
    return replace(seen, outcome=ChargeOutcome.DECLINED, decline_code=code, confirm_url="")


def _sign(body: bytes) -> str:
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()
