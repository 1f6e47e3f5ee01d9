"""Whose name or number a payer gave, asked in the tenant's context."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Aggregate, BigIntegerField, F, Func, Q, QuerySet, TextField, Value

from accounts.models import Customer
from accounts.names import folded
from billing_project.beginnings import anyones_number_begins, begins
from billing_project.tenancy.context import current_tenant_id
from payments.models import PayerName, VirtualAccount
from payments.rules import Candidate, CustomerNames, PayerIndex, bare_name, printed_name

TENANTS_KEPT = 8
_SMALL, _LARGE = "ぁぃぅぇぉっゃゅょゎー", "あいうえおつやゆよわ-"
"""Banks print small kana large, and a long vowel as a hyphen."""


def payer_index() -> PayerIndex:
    """All customers of the tenant, by what payers may call them."""
    return _index(_customer_names())


def kept_payer_index() -> PayerIndex:
    """The same to look at, not to book by: names are read anew only when a customer's has changed."""
    return _index(_kept_names(current_tenant_id(), _print_of_names()))


def _index(customers: CustomerNames) -> PayerIndex:
    return PayerIndex(
        customers,
        PayerName.objects.values_list("name", "customer_id"),
        VirtualAccount.objects.values_list("number", "customer_id"),
    )


def _customer_names() -> CustomerNames:
    customers = Customer.objects.values_list("pk", "code", "name_kana")
    return CustomerNames(map(Candidate._make, customers.iterator()))


@lru_cache(maxsize=TENANTS_KEPT)
def _kept_names(_tenant_id: int, _print: int) -> CustomerNames:
    return _customer_names()


def _print_of_names() -> int:
    """Another number for other customers, numbers or names."""
    told = Func(Value("\n"), "pk", "code", "name_kana", function="concat_ws")
    hashed = Func(told, Value(0), function="hashtextextended", output_field=BigIntegerField())
    found = Customer.objects.aggregate(print=Aggregate(hashed, function="bit_xor"))
    return found["print"] or 0


def customer_of_payer(payer_name: str) -> Customer | None:
    """The one customer whom the name tells for certain; one that fits two customers finds none."""
    fitting = payer_index().find(payer_name)
    return Customer.objects.get(pk=fitting.pop()) if len(fitting) == 1 else None


def payments_like(text: str) -> Q:
    """Payments by whose they are, by payer and by the beginning of their reference.

    A payer who is known is found by the customer's names, however the bank prints them, and by the beginning
    of what was printed; one whom nobody knows by any part of it.
    """
    printed = printed_name(text)
    return (
        Q(customer__in=customers_of_payers_like(text))
        | begins("payer_name", printed)
        | Q(customer=None, payer_name__contains=printed)
        | anyones_number_begins("reference", text)
    )


def customers_of_payers_like(text: str) -> list[int]:
    """Ids of the customers with a number, a name or a known payer's name that holds the text.

    Only when there are none are the customers' names spelled as banks do: that takes five times as long.
    """
    known = PayerName.objects.filter(name__contains=printed_name(text)).values("customer_id")
    plainly = Q(search_key__contains=folded(text)) | Q(pk__in=known)
    found = list(Customer.objects.filter(plainly).values_list("pk", flat=True))
    return found or _customers_printed_like(text)


def _customers_printed_like(text: str) -> list[int]:
    customers: QuerySet[Any] = Customer.objects.alias(printed=_as_printed(F("search_key")))
    found = customers.filter(printed__contains=_large(folded(bare_name(text) or text)))
    return list(found.values_list("pk", flat=True))


def _as_printed(key: F) -> Func:
    return Func(key, Value(_SMALL), Value(_LARGE), function="translate", output_field=TextField())


def _large(key: str) -> str:
    return key.translate(str.maketrans(_SMALL, _LARGE))
