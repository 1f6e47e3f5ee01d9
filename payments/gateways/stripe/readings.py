"""What Stripe's objects say, in the words of the port."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from payments.gateways.port import (
    CardSeen,
    ChargeOutcome,
    ChargeSeen,
    DisputeOutcome,
    DisputeSeen,
    EventAbout,
    EventSeen,
    RefundOutcome,
    RefundSeen,
    SetupOutcome,
    SetupSeen,
)

KEY = "shimebi_key"
NEEDS_HOLDER = "authentication_required"
_CHARGE_OUTCOMES = {
    "succeeded": ChargeOutcome.SUCCEEDED,
    "requires_action": ChargeOutcome.NEEDS_CUSTOMER,
    "canceled": ChargeOutcome.CANCELLED,
    "requires_payment_method": ChargeOutcome.DECLINED,
}
_REFUND_OUTCOMES = {
    "succeeded": RefundOutcome.SUCCEEDED,
    "failed": RefundOutcome.FAILED,
    "canceled": RefundOutcome.FAILED,
}
_OF_CHARGES = (EventAbout.REFUND, EventAbout.DISPUTE)
_SETUP_OUTCOMES = {
    "complete": SetupOutcome.COMPLETE,
    "expired": SetupOutcome.EXPIRED,
    "open": SetupOutcome.OPEN,
}
_ABOUT = {
    "checkout.session": EventAbout.SETUP,
    "payment_intent": EventAbout.CHARGE,
    "refund": EventAbout.REFUND,
    "dispute": EventAbout.DISPUTE,
}
_DISPUTE_OUTCOMES = {
    "needs_response": DisputeOutcome.TAKEN,
    "under_review": DisputeOutcome.TAKEN,
    "won": DisputeOutcome.WON,
    "lost": DisputeOutcome.LOST,
}


def ours(key: str, tenant: str) -> dict[str, str]:
    return {KEY: key, "tenant": tenant}


def key_of(thing: Mapping[str, Any]) -> str:
    return str((thing.get("metadata") or {}).get(KEY, ""))


def charge_seen(intent: Mapping[str, Any]) -> ChargeSeen:
    metadata = intent.get("metadata") or {}
    whose = {"key": metadata.get(KEY, ""), "tenant": metadata.get("tenant", "")}
    outcome = _CHARGE_OUTCOMES.get(intent["status"], ChargeOutcome.PENDING)
    error = intent.get("last_payment_error") or {}
    code = error.get("decline_code") or error.get("code") or ""
    if outcome == ChargeOutcome.DECLINED and NEEDS_HOLDER in (error.get("code"), error.get("decline_code")):
        return ChargeSeen(intent["id"], ChargeOutcome.NEEDS_CUSTOMER, **whose)
    if outcome != ChargeOutcome.DECLINED:
        code = ""
    page = ((intent.get("next_action") or {}).get("redirect_to_url") or {}).get("url") or ""
    return ChargeSeen(intent["id"], outcome, decline_code=code, confirm_url=page, **whose)


def refund_seen(refund: Mapping[str, Any]) -> RefundSeen:
    outcome = _REFUND_OUTCOMES.get(refund["status"], RefundOutcome.PENDING)
    return RefundSeen(
        refund["id"],
        outcome,
        error=refund.get("failure_reason") or "",
        charge=refund.get("payment_intent") or "",
        amount=refund["amount"],
    )


def dispute_seen(dispute: Mapping[str, Any]) -> DisputeSeen:
    """What has another status is a question of the card company that has taken nothing."""
    outcome = _DISPUTE_OUTCOMES.get(dispute["status"], DisputeOutcome.INQUIRY)
    return DisputeSeen(dispute["id"], dispute.get("payment_intent") or "", dispute["amount"], outcome)


def _card(method: Mapping[str, Any]) -> CardSeen:
    card = method["card"]
    return CardSeen(
        method["id"], card["brand"], card["funding"], card["last4"], card["exp_month"], card["exp_year"]
    )


def setup_seen(session: Mapping[str, Any]) -> SetupSeen:
    """The session was read with its payment method expanded."""
    outcome = _SETUP_OUTCOMES[session["status"]]
    if outcome != SetupOutcome.COMPLETE:
        return SetupSeen(outcome)
    return SetupSeen(outcome, _card(session["setup_intent"]["payment_method"]))


def event_seen(payload: Mapping[str, Any]) -> EventSeen:
    thing = payload["data"]["object"]
    metadata = thing.get("metadata") or {}
    about = _ABOUT.get(thing["object"], EventAbout.OTHER)
    return EventSeen(
        id=payload["id"],
        kind=payload["type"],
        about=about,
        subject=thing["id"],
        key=metadata.get(KEY, ""),
        tenant=metadata.get("tenant", ""),
        charge=thing.get("payment_intent") or "" if about in _OF_CHARGES else "",
        payload=payload,
    )
