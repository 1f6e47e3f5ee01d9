"""The six presets: one for each way of doing business. A tenant starts from one and changes what it likes."""

from typing import Any

from accounts.policy.model import BillingPolicy
from accounts.policy.reading import read_policy

_EVERY: dict[str, Any] = {
    "tax_rounding": "floor",
    "payout_cutoff": "20",
    "payout_day": "last+",
    "payout_fee": 440,
    "apply_deposit": True,
    "short_transfer_tolerance": 0,
    "approval": False,
    "membership_screening": False,
    "session_idle_minutes": 30,
    "document_link_days": 90,
}

_CERTIFICATE_SHOP: dict[str, Any] = {
    "payment_methods": ["card", "deposit", "advance_transfer", "later_transfer"],
    "first_method": "card",
    "price_entry": "tax_exclusive",
    "qualified_document": "delivery_note; later_transfer invoice",
    "closes": "last",
    "issue_day": "1",
    "due_day": "last+",
    "order_expiry_days": 30,
    "order_expiry_warnings": [7, 1],
    "cancel_window_days": 7,
    "cancel_reminder_days": 1,
    "refund_to": "next_bill; card card; advance_transfer deposit; deposit deposit",
    "quote_valid_days": 30,
    "credit_limit_default": 1_000_000,
    "dunning": "3 reminder; 10 no_new_orders; 20 later_payment_withdrawn; 30 revoked",
    "charge_dated": "delivery",
}

_HOSTING: dict[str, Any] = {
    "payment_methods": ["transfer_or_konbini", "direct_debit", "card"],
    "first_method": "transfer_or_konbini",
    "price_entry": "tax_exclusive",
    "qualified_document": "invoice",
    "issue_day": "bd5; card 5+; direct_debit 11+",
    "due_day": "last+; direct_debit 26+",
    "refund_to": "deposit",
    "quote_valid_days": 30,
    "dunning": "3 reminder; 10 no_new_orders; 20 suspended; 50 terminated",
    "failed_debit": "transfer_or_konbini",
    "card_refusals_before_transfer": 1,
    "renewal": "automatic",
    "renewal_notice": "1",
    "renewal_notice_months": 12,
    "reinstate_days": 30,
    "first_bill": "start_month",
    "charge_dated": "term_start",
}

_ELECTRICITY: dict[str, Any] = {
    "payment_methods": ["payment_link", "transfer"],
    "first_method": "payment_link",
    "price_entry": "tax_inclusive",
    "qualified_document": "invoice",
    "closes": "15",
    "issue_day": "15",
    "due_day": "20; transfer last+",
    "refund_to": "next_bill",
    "dunning": "3 reminder; 20 suspended; 50 terminated",
    "link_expires": "20",
    "link_again": "with_bill",
    "signup_cutoff_day": "20",
    "card_refusals_before_transfer": 2,
    "renewal": "automatic",
    "charge_dated": "meter_day",
}

_SOFTWARE_STORE: dict[str, Any] = {
    "payment_methods": ["later_transfer", "card"],
    "first_method": "later_transfer",
    "price_entry": "tax_exclusive",
    "qualified_document": "delivery_note",
    "closes": "last",
    "issue_day": "bd3",
    "due_day": "last+",
    "cancel_window_days": 0,
    "quote_valid_days": 7,
    "approval": True,
    "credit_limit_default": 1_000_000,
    "membership_screening": True,
    "screening_business_days": 3,
    "first_sign_in_hours": 72,
    "dunning": "3 reminder; 10 no_new_orders",
    "renewal": "none",
    "charge_dated": "delivery_or_term_start",
}

_CONTRACTS: dict[str, Any] = {
    "payment_methods": ["later_transfer"],
    "first_method": "later_transfer",
    "price_entry": "tax_exclusive",
    "qualified_document": "invoice",
    "closes": "last",
    "issue_day": "1",
    "due_day": "last+@1",
    "quote_valid_days": 30,
    "dunning": "3 reminder; 20 suspended",
    "renewal": "automatic",
    "renewal_notice": "1",
    "early_end_tax": "standard",
    "charge_dated": "term_start_or_excess_month",
}

_MANAGED_PKI: dict[str, Any] = _CONTRACTS | {
    "overage": "excess_units",
    "renewal_grace_days": 90,
    "first_bill": "next_month",
    "renew_at": "contracted",
}

_ID_CHECK: dict[str, Any] = _CONTRACTS | {
    "overage": "range_difference",
    "first_bill": "start_month",
    "renew_at": "actual",
    "minimum_term_months": 12,
}

PRESETS: dict[str, BillingPolicy] = {
    "certificate-shop": read_policy(_EVERY | _CERTIFICATE_SHOP),
    "hosting": read_policy(_EVERY | _HOSTING),
    "electricity": read_policy(_EVERY | _ELECTRICITY),
    "software-store": read_policy(_EVERY | _SOFTWARE_STORE),
    "managed-pki": read_policy(_EVERY | _MANAGED_PKI),
    "id-check": read_policy(_EVERY | _ID_CHECK),
}
"""Every preset by its name."""
