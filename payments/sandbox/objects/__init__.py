"""Stripe's objects with all the fields that its own samples have; what we never use is null or empty."""

from payments.sandbox.objects.charging import charge, payment_intent
from payments.sandbox.objects.entering import checkout_session, customer, payment_method, setup_intent
from payments.sandbox.objects.shape import Thing, now
from payments.sandbox.objects.taking_back import dispute, refund
from payments.sandbox.objects.telling import event

__all__ = [
    "Thing",
    "charge",
    "checkout_session",
    "customer",
    "dispute",
    "event",
    "now",
    "payment_intent",
    "payment_method",
    "refund",
    "setup_intent",
]
