"""Whose name or number a payer gave, asked in the tenant's context."""

from __future__ import annotations

from accounts.models import Customer
from payments.models import PayerName, VirtualAccount
from payments.rules import Candidate, PayerIndex


def payer_index() -> PayerIndex:
    """All customers of the tenant, by what payers may call them."""
    customers = Customer.objects.values_list("pk", "code", "name_kana")
    return PayerIndex(
        (Candidate(*row) for row in customers.iterator()),
        PayerName.objects.values_list("name", "customer_id"),
        VirtualAccount.objects.values_list("number", "customer_id"),
    )


def customer_of_payer(payer_name: str) -> Customer | None:
    """The one customer whom the name tells for certain; one that fits two customers finds none."""
    fitting = payer_index().find(payer_name)
    return Customer.objects.get(pk=fitting.pop()) if len(fitting) == 1 else None
