"""Stripe, through its own SDK.

The SDK's retries are off: our tasks ask again, under the key of the intent. Yen have no smaller unit, so
amounts go over the wire as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import stripe
from django.conf import settings

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
    Misconfigured,
    OpenedSetup,
    RefundOutcome,
    RefundSeen,
    RefundWish,
    Rejected,
    SetupOutcome,
    SetupSeen,
    UnknownAnswer,
)

YEN = "jpy"
KEY = "shimebi_key"
NEEDS_HOLDER = "authentication_required"
LOOKED_THROUGH = 100
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


class StripeGateway:
    def __init__(self, *, secret_key: str, webhook_secret: str, api_base: str, timeout: float) -> None:
        if not secret_key or not webhook_secret:
            raise Misconfigured("STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET must be set.")
        self._webhook_secret = webhook_secret
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    @classmethod
    def from_settings(cls) -> StripeGateway:
        return cls(
            secret_key=settings.STRIPE_SECRET_KEY,
            webhook_secret=settings.STRIPE_WEBHOOK_SECRET,
            api_base=settings.STRIPE_API_BASE,
            timeout=settings.STRIPE_TIMEOUT_SECONDS,
        )

    def ensure_holder(self, *, key: str, name: str, tenant: str) -> str:
        with _told_apart():
            customer = self._client.v1.customers.create(
                {"name": name, "metadata": _ours(key, tenant)}, {"idempotency_key": f"holder-{key}"}
            )
        return customer.id

    def open_setup(
        self, *, key: str, holder: str, return_url: str, cancel_url: str, tenant: str
    ) -> OpenedSetup:
        with _told_apart():
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "setup",
                    "currency": YEN,
                    "customer": holder,
                    "allowed_payment_method_types": ["card"],
                    "success_url": return_url,
                    "cancel_url": cancel_url,
                    "locale": "ja",
                    "metadata": _ours(key, tenant),
                    "setup_intent_data": {"metadata": _ours(key, tenant)},
                },
                {"idempotency_key": key},
            )
        return OpenedSetup(session.id, session.url or "")

    def read_setup(self, session: str) -> SetupSeen:
        with _told_apart():
            found = self._client.v1.checkout.sessions.retrieve(
                session, {"expand": ["setup_intent.payment_method"]}
            ).to_dict()
        outcome = _SETUP_OUTCOMES[found["status"]]
        if outcome != SetupOutcome.COMPLETE:
            return SetupSeen(outcome)
        return SetupSeen(outcome, _card(found["setup_intent"]["payment_method"]))

    def forget_card(self, card: str) -> None:
        try:
            with _told_apart():
                self._client.v1.payment_methods.detach(card)
        except Rejected:
            if self._is_attached(card):
                raise

    def charge(self, wish: ChargeWish) -> ChargeSeen:
        return _answer(
            lambda: self._client.v1.payment_intents.create(
                {
                    "amount": wish.amount,
                    "currency": YEN,
                    "customer": wish.holder,
                    "payment_method": wish.card,
                    "allowed_payment_method_types": ["card"],
                    "off_session": True,
                    "confirm": True,
                    "description": wish.order_number,
                    "metadata": {**_ours(wish.key, wish.tenant), "order_number": wish.order_number},
                },
                {"idempotency_key": wish.key},
            )
        )

    def find_charge(self, *, key: str, holder: str) -> ChargeSeen | None:
        with _told_apart():
            intents = self._client.v1.payment_intents.list({"customer": holder, "limit": LOOKED_THROUGH})
            for intent in intents.auto_paging_iter():
                if _key_of(intent.to_dict()) == key:
                    return _charge(intent.to_dict())
        return None

    def read_charge(self, charge: str) -> ChargeSeen:
        with _told_apart():
            return _charge(self._client.v1.payment_intents.retrieve(charge).to_dict())

    def confirm(self, charge: str, *, return_url: str) -> ChargeSeen:
        with _told_apart():
            intent = self._client.v1.payment_intents.retrieve(charge).to_dict()
        if intent["status"] != "requires_payment_method":
            return _charge(intent)
        card = intent["last_payment_error"]["payment_method"]["id"]
        return _answer(
            lambda: self._client.v1.payment_intents.confirm(
                charge, {"payment_method": card, "return_url": return_url}
            )
        )

    def cancel(self, charge: str) -> ChargeSeen:
        try:
            with _told_apart():
                return _charge(self._client.v1.payment_intents.cancel(charge).to_dict())
        except Rejected:
            return self.read_charge(charge)

    def refund(self, wish: RefundWish) -> RefundSeen:
        with _told_apart():
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": wish.charge,
                    "amount": wish.amount,
                    "metadata": {**_ours(wish.key, wish.tenant), "order_number": wish.order_number},
                },
                {"idempotency_key": wish.key},
            )
        return _refund(refund.to_dict())

    def find_refund(self, *, key: str, charge: str) -> RefundSeen | None:
        with _told_apart():
            refunds = self._client.v1.refunds.list({"payment_intent": charge, "limit": LOOKED_THROUGH})
            for refund in refunds.auto_paging_iter():
                if _key_of(refund.to_dict()) == key:
                    return _refund(refund.to_dict())
        return None

    def read_refund(self, refund: str) -> RefundSeen:
        with _told_apart():
            return _refund(self._client.v1.refunds.retrieve(refund).to_dict())

    def read_dispute(self, dispute: str) -> DisputeSeen:
        with _told_apart():
            return _dispute(self._client.v1.disputes.retrieve(dispute).to_dict())

    def parse_event(self, body: bytes, signature: str) -> EventSeen:
        try:
            self._client.construct_event(body, signature, self._webhook_secret)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise BadSignature(str(error)) from error
        return self.understand(json.loads(body))

    def understand(self, payload: Mapping[str, Any]) -> EventSeen:
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

    def _is_attached(self, card: str) -> bool:
        with _told_apart():
            return bool(self._client.v1.payment_methods.retrieve(card).to_dict().get("customer"))


@contextmanager
def _told_apart() -> Iterator[None]:
    """The SDK's errors in our words. A key that is in use means that the first call is still under way."""
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise Misconfigured(str(error)) from error
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        if (error.http_status or 0) in (409, 429) or error.code == "lock_timeout":
            raise UnknownAnswer(str(error)) from error
        raise Rejected(error.code or "invalid_request", str(error)) from error
    except stripe.StripeError as error:
        raise UnknownAnswer(str(error)) from error


def _answer(call: Callable[[], stripe.PaymentIntent]) -> ChargeSeen:
    """A refusal of the card company is an answer: it comes with the charge it is about."""
    with _told_apart():
        try:
            return _charge(call().to_dict())
        except stripe.CardError as error:
            body: Any = error.json_body
            if "payment_intent" not in body["error"]:
                raise
            return _charge({**body["error"]["payment_intent"], "last_payment_error": body["error"]})


def _ours(key: str, tenant: str) -> dict[str, str]:
    return {KEY: key, "tenant": tenant}


def _key_of(thing: Mapping[str, Any]) -> str:
    return str((thing.get("metadata") or {}).get(KEY, ""))


def _charge(intent: Mapping[str, Any]) -> ChargeSeen:
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


def _refund(refund: Mapping[str, Any]) -> RefundSeen:
    outcome = _REFUND_OUTCOMES.get(refund["status"], RefundOutcome.PENDING)
    return RefundSeen(
        refund["id"],
        outcome,
        error=refund.get("failure_reason") or "",
        charge=refund.get("payment_intent") or "",
        amount=refund["amount"],
    )


def _dispute(dispute: Mapping[str, Any]) -> DisputeSeen:
    """What has another status is a question of the card company that has taken nothing."""
    outcome = _DISPUTE_OUTCOMES.get(dispute["status"], DisputeOutcome.INQUIRY)
    return DisputeSeen(dispute["id"], dispute.get("payment_intent") or "", dispute["amount"], outcome)


def _card(method: Mapping[str, Any]) -> CardSeen:
    card = method["card"]
    return CardSeen(
        method["id"], card["brand"], card["funding"], card["last4"], card["exp_month"], card["exp_year"]
    )
