"""Documents: the list, each one's page, and those on a customer's page."""

from invoices.admin.documents import figures, listing, of_customer, traces

__all__ = ["figures", "listing", "of_customer", "traces"]
