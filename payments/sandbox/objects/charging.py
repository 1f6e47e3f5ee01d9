"""A charge that is intended, and each attempt at its card."""

from __future__ import annotations

from payments.sandbox.objects.shape import Thing, base, nulls


def payment_intent(thing_id: str, *, asked: Thing) -> Thing:
    return {
        **base("payment_intent", thing_id, metadata=asked.get("metadata", {})),
        **nulls(
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
        **base("charge", thing_id, metadata=dict(intent["metadata"])),
        **nulls(
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
        **nulls("advice_code network_advice_code"),
        "network_decline_code": None if paid else "05",
        "network_status": "approved_by_network" if paid else "declined_by_network",
        "reason": None if paid else decline_code,
        "seller_message": "Payment complete." if paid else "The bank declined the payment.",
        "type": "authorized" if paid else "issuer_declined",
    }


def _card_details(card: Thing) -> Thing:
    return {
        **nulls(
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
