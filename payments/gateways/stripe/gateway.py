"""Stripe, through its own SDK.

The SDK's retries are off: our tasks ask again, under the key of the intent. Yen have no smaller unit, so
amounts go over the wire as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import stripe
from django.conf import settings

from payments.gateways.port import (
    BadSignature,
    ChargeSeen,
    ChargeWish,
    DisputeSeen,
    EventSeen,
    Misconfigured,
    OpenedSetup,
    RefundSeen,
    RefundWish,
    Rejected,
    SetupSeen,
)
from payments.gateways.stripe.errors import answer, told_apart
from payments.gateways.stripe.readings import (
    charge_seen,
    dispute_seen,
    event_seen,
    key_of,
    ours,
    refund_seen,
    setup_seen,
)

YEN = "jpy"
LOOKED_THROUGH = 100


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
        with told_apart():
            customer = self._client.v1.customers.create(
                {"name": name, "metadata": ours(key, tenant)}, {"idempotency_key": f"holder-{key}"}
            )
        return customer.id

    def open_setup(
        self, *, key: str, holder: str, return_url: str, cancel_url: str, tenant: str
    ) -> OpenedSetup:
        with told_apart():
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "setup",
                    "currency": YEN,
                    "customer": holder,
                    "allowed_payment_method_types": ["card"],
                    "success_url": return_url,
                    "cancel_url": cancel_url,
                    "locale": "ja",
                    "metadata": ours(key, tenant),
                    "setup_intent_data": {"metadata": ours(key, tenant)},
                },
                {"idempotency_key": key},
            )
        return OpenedSetup(session.id, session.url or "")

    def read_setup(self, session: str) -> SetupSeen:
        with told_apart():
            found = self._client.v1.checkout.sessions.retrieve(
                session, {"expand": ["setup_intent.payment_method"]}
            ).to_dict()
        return setup_seen(found)

    def forget_card(self, card: str) -> None:
        try:
            with told_apart():
                self._client.v1.payment_methods.detach(card)
        except Rejected:
            if self._is_attached(card):
                raise

    def charge(self, wish: ChargeWish) -> ChargeSeen:
        return answer(
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
                    "metadata": {**ours(wish.key, wish.tenant), "order_number": wish.order_number},
                },
                {"idempotency_key": wish.key},
            )
        )

    def find_charge(self, *, key: str, holder: str) -> ChargeSeen | None:
        with told_apart():
            intents = self._client.v1.payment_intents.list({"customer": holder, "limit": LOOKED_THROUGH})
            for intent in intents.auto_paging_iter():
                if key_of(intent.to_dict()) == key:
                    return charge_seen(intent.to_dict())
        return None

    def read_charge(self, charge: str) -> ChargeSeen:
        with told_apart():
            return charge_seen(self._client.v1.payment_intents.retrieve(charge).to_dict())

    def confirm(self, charge: str, *, return_url: str) -> ChargeSeen:
        with told_apart():
            intent = self._client.v1.payment_intents.retrieve(charge).to_dict()
        if intent["status"] != "requires_payment_method":
            return charge_seen(intent)
        card = intent["last_payment_error"]["payment_method"]["id"]
        return answer(
            lambda: self._client.v1.payment_intents.confirm(
                charge, {"payment_method": card, "return_url": return_url}
            )
        )

    def cancel(self, charge: str) -> ChargeSeen:
        try:
            with told_apart():
                return charge_seen(self._client.v1.payment_intents.cancel(charge).to_dict())
        except Rejected:
            return self.read_charge(charge)

    def refund(self, wish: RefundWish) -> RefundSeen:
        with told_apart():
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": wish.charge,
                    "amount": wish.amount,
                    "metadata": {**ours(wish.key, wish.tenant), "order_number": wish.order_number},
                },
                {"idempotency_key": wish.key},
            )
        return refund_seen(refund.to_dict())

    def find_refund(self, *, key: str, charge: str) -> RefundSeen | None:
        with told_apart():
            refunds = self._client.v1.refunds.list({"payment_intent": charge, "limit": LOOKED_THROUGH})
            for refund in refunds.auto_paging_iter():
                if key_of(refund.to_dict()) == key:
                    return refund_seen(refund.to_dict())
        return None

    def read_refund(self, refund: str) -> RefundSeen:
        with told_apart():
            return refund_seen(self._client.v1.refunds.retrieve(refund).to_dict())

    def read_dispute(self, dispute: str) -> DisputeSeen:
        with told_apart():
            return dispute_seen(self._client.v1.disputes.retrieve(dispute).to_dict())

    def parse_event(self, body: bytes, signature: str) -> EventSeen:
        try:
            self._client.construct_event(body, signature, self._webhook_secret)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise BadSignature(str(error)) from error
        return self.understand(json.loads(body))

    def understand(self, payload: Mapping[str, Any]) -> EventSeen:
        return event_seen(payload)

    def _is_attached(self, card: str) -> bool:
        with told_apart():
            return bool(self._client.v1.payment_methods.retrieve(card).to_dict().get("customer"))
