"""The operators' pages about who is who."""

from accounts.admin import customer_acts, customers, operators, policy, seller

__all__ = ["customer_acts", "customers", "operators", "policy", "seller"]
