"""Stripe, through its own SDK."""

from payments.gateways.stripe.gateway import StripeGateway

__all__ = ["StripeGateway"]
