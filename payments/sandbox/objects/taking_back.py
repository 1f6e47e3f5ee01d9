"""What goes back: refunds, and what the card company takes."""

from __future__ import annotations

from payments.sandbox.objects.shape import Thing, base, now, nulls


def refund(thing_id: str, *, amount: int, of: Thing, metadata: Thing) -> Thing:
    return {
        **base("refund", thing_id, metadata=metadata),
        **nulls(
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
        **base("dispute", thing_id),
        "amount": amount,
        "balance_transactions": [],
        "charge": of["id"],
        "currency": of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**nulls(_EVIDENCE), "enhanced_evidence": {}},
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
