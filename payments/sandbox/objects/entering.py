"""A customer, and the page on which a card is entered."""

from __future__ import annotations

from payments.sandbox.cards import TestCard
from payments.sandbox.objects.shape import Thing, base, no_address, now, nulls


def customer(thing_id: str, *, name: str | None, email: str | None) -> Thing:
    return {
        **base("customer", thing_id, name=name, email=email),
        **nulls("currency default_source description discount phone test_clock"),
        "address": no_address(),
        "balance": 0,
        "delinquent": False,
        "invoice_prefix": thing_id[-8:].upper(),
        "invoice_settings": {
            **nulls("custom_fields default_payment_method footer"),
            "rendering_options": nulls("amount_tax_display template"),
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
        **base("checkout.session", thing_id),
        **nulls(_SESSION_NULLS),
        "automatic_tax": {"enabled": False, "liability": None, "status": None, "provider": None},
        "cancel_url": asked.get("cancel_url"),
        "currency": asked.get("currency"),
        "custom_fields": [],
        "custom_text": nulls("after_submit shipping_address submit terms_of_service_acceptance"),
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
        **base("setup_intent", thing_id),
        **nulls(
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
        **base("payment_method", thing_id, type="card"),
        **nulls("customer customer_account"),
        "allow_redisplay": "limited",
        "billing_details": {**nulls("email name phone tax_id"), "address": no_address()},
        "card": {
            **nulls("generated_from wallet regulated_status"),
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
