"""A shop with a customer that owes 33,000 (due 30 November) and 66,000 (due 4 January)."""

from tests.payments.conftest import acme, december, tenant

__all__ = ["acme", "december", "tenant"]
