"""A shop with a customer that has two invoices."""

from tests.payments.conftest import acme, december, tenant

__all__ = ["acme", "december", "tenant"]
