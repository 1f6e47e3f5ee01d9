"""Stripe's objects with all the fields that its own samples have; what we never use is null or empty."""

from __future__ import annotations

from typing import Any

from billing_project import clock
from payments.sandbox.cards import TestCard

Thing = dict[str, Any]
API_VERSION = "2026-10-28.endive"


def now() -> int:
    """As Stripe counts: seconds since 1970."""
    return int(clock.now().timestamp())


def _nulls(names: str) -> Thing:
    return dict.fromkeys(names.split())


def _base(kind: str, thing_id: str, **fields: Any) -> Thing:
    return {
        "id": thing_id,
        "object": kind,
        "created": now(),
        "livemode": False,
        "metadata": {},
        **fields,
    }


def _address() -> Thing:
    return _nulls("city country line1 line2 postal_code state")


def customer(thing_id: str, *, name: str | None, email: str | None) -> Thing:
    return {
        **_base("customer", thing_id, name=name, email=email),
        **_nulls("currency default_source description discount phone test_clock"),
        "address": _address(),
        "balance": 0,
        "delinquent": False,
        "invoice_prefix": thing_id[-8:].upper(),
        "invoice_settings": {
            **_nulls("custom_fields default_payment_method footer"),
            "rendering_options": _nulls("amount_tax_display template"),
        },
        "next_invoice_sequence": 1,
        "preferred_locales": ["ja"],
        "shipping": None,
        "tax_exempt": "none",
    }


_SESSION_NULLS = """
    after_expiration allow_promotion_codes amount_subtotal amount_total billing_address_collection
    client_reference_id client_secret consent consent_collection currency_conversion customer_account
    customer_creation customer_email discounts collected_information integration_identifier invoice
    invoice_creation managed_payments origin_context payment_intent payment_link
    payment_method_configuration_details permissions phone_number_collection recovered_from
    saved_payment_method_options shipping_address_collection shipping_cost submit_type subscription
    total_details ui_mode wallet_options adaptive_pricing
"""


def checkout_session(thing_id: str, *, asked: Thing, intent: str, url: str) -> Thing:
    return {
        **_base("checkout.session", thing_id),
        **_nulls(_SESSION_NULLS),
        "automatic_tax": {"enabled": False, "liability": None, "status": None, "provider": None},
        "cancel_url": asked.get("cancel_url"),
        "currency": asked.get("currency"),
        "custom_fields": [],
        "custom_text": _nulls("after_submit shipping_address submit terms_of_service_acceptance"),
        "customer": asked.get("customer"),
        "customer_details": None,
        "expires_at": now() + 24 * 3600,
        "locale": asked.get("locale"),
        "mode": "setup",
        "payment_method_collection": "always",
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "no_payment_required",
        "setup_intent": intent,
        "shipping_options": [],
        "status": "open",
        "success_url": asked["success_url"],
        "url": url,
    }


def setup_intent(thing_id: str, *, customer_id: str | None) -> Thing:
    return {
        **_base("setup_intent", thing_id),
        **_nulls(
            "application cancellation_reason description flow_directions last_setup_error latest_attempt"
            " mandate next_action on_behalf_of payment_method payment_method_configuration_details"
            " single_use_mandate excluded_payment_method_types automatic_payment_methods"
        ),
        "client_secret": f"{thing_id}_secret_sandbox",
        "customer": customer_id,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "usage": "off_session",
    }


def payment_method(thing_id: str, card: TestCard) -> Thing:
    return {
        **_base("payment_method", thing_id, type="card"),
        **_nulls("customer customer_account"),
        "allow_redisplay": "limited",
        "billing_details": {**_nulls("email name phone tax_id"), "address": _address()},
        "card": {
            **_nulls("generated_from wallet regulated_status"),
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "pass",
            },
            "country": "JP",
            "display_brand": card.brand,
            "exp_month": 12,
            "exp_year": 2040,
            "fingerprint": f"sandbox{card.number[-8:]}",
            "funding": card.funding,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "three_d_secure_usage": {"supported": True},
        },
    }


def payment_intent(thing_id: str, *, asked: Thing) -> Thing:
    return {
        **_base("payment_intent", thing_id, metadata=asked.get("metadata", {})),
        **_nulls(
            "application application_fee_amount automatic_payment_methods canceled_at cancellation_reason"
            " customer_account excluded_payment_method_types last_payment_error latest_charge"
            " managed_payments next_action on_behalf_of payment_method_configuration_details processing"
            " receipt_email review setup_future_usage shipping source statement_descriptor"
            " statement_descriptor_suffix transfer_data transfer_group"
        ),
        "amount": asked["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic",
        "client_secret": f"{thing_id}_secret_sandbox",
        "confirmation_method": "automatic",
        "currency": asked["currency"],
        "customer": asked.get("customer"),
        "description": asked.get("description"),
        "payment_method": asked.get("payment_method"),
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "status": "requires_confirmation",
    }


def charge(thing_id: str, *, intent: Thing, method: Thing, paid: bool, decline_code: str = "") -> Thing:
    """One attempt at a card, which came through or was refused."""
    return {
        **_base("charge", thing_id, metadata=dict(intent["metadata"])),
        **_nulls(
            "application application_fee application_fee_amount calculated_statement_descriptor"
            " failure_balance_transaction on_behalf_of receipt_email receipt_number receipt_url review"
            " shipping source source_transfer statement_descriptor statement_descriptor_suffix"
            " transfer_data transfer_group"
        ),
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "balance_transaction": f"txn_{thing_id}" if paid else None,
        "billing_details": method["billing_details"],
        "captured": paid,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": None if paid else "card_declined",
        "failure_message": None if paid else "Your card was declined.",
        "fraud_details": {},
        "outcome": _outcome(paid, decline_code),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _card_details(method["card"]), "type": "card"},
        "refunded": False,
        "refunds": {
            "data": [],
            "has_more": False,
            "object": "list",
            "url": f"/v1/charges/{thing_id}/refunds",
        },
        "status": "succeeded" if paid else "failed",
    }


def _outcome(paid: bool, decline_code: str) -> Thing:
    return {
        **_nulls("advice_code network_advice_code"),
        "network_decline_code": None if paid else "05",
        "network_status": "approved_by_network" if paid else "declined_by_network",
        "reason": None if paid else decline_code,
        "seller_message": "Payment complete." if paid else "The bank declined the payment.",
        "type": "authorized" if paid else "issuer_declined",
    }


def _card_details(card: Thing) -> Thing:
    return {
        **_nulls(
            "amount_authorized mandate three_d_secure wallet authorization_code regulated_status"
            " network_transaction_id transaction_link_id installments"
        ),
        **{name: card[name] for name in ("brand", "checks", "country", "exp_month", "exp_year")},
        **{name: card[name] for name in ("fingerprint", "funding", "last4")},
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "overcapture": {"maximum_amount_capturable": 0, "status": "unavailable"},
    }


def refund(thing_id: str, *, amount: int, of: Thing, metadata: Thing) -> Thing:
    return {
        **_base("refund", thing_id, metadata=metadata),
        **_nulls(
            "reason receipt_number source_transfer_reversal transfer_reversal customer_account"
            " balance_transaction"
        ),
        "amount": amount,
        "charge": of["id"],
        "currency": of["currency"],
        "customer": of["customer"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "payment_intent": of["payment_intent"],
        "payment_method": of["payment_method"],
        "status": "succeeded",
    }


_EVIDENCE = """
    access_activity_log billing_address cancellation_policy cancellation_policy_disclosure
    cancellation_rebuttal customer_communication customer_email_address customer_name customer_purchase_ip
    customer_signature duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id
    product_description receipt refund_policy refund_policy_disclosure refund_refusal_explanation
    service_date service_documentation shipping_address shipping_carrier shipping_date
    shipping_documentation shipping_tracking_number uncategorized_file uncategorized_text
"""


def dispute(thing_id: str, *, of: Thing, amount: int) -> Thing:
    return {
        **_base("dispute", thing_id),
        "amount": amount,
        "balance_transactions": [],
        "charge": of["id"],
        "currency": of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**_nulls(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now() + 7 * 24 * 3600,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "payment_intent": of["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": of["payment_method_details"]["card"]["brand"],
                "case_type": "chargeback",
                "network": of["payment_method_details"]["card"]["brand"],
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": "fraudulent",
        "status": "needs_response",
    }


def event(thing_id: str, *, kind: str, about: Thing, key: str | None) -> Thing:
    return {
        "id": thing_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": f"req_{thing_id}", "idempotency_key": key},
        "type": kind,
    }
