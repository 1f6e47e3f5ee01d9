"""The operators' pages about who is who."""

from accounts.admin import branding, customer_acts, customers, history, operators, policy, search, seller

__all__ = ["branding", "customer_acts", "customers", "history", "operators", "policy", "search", "seller"]
