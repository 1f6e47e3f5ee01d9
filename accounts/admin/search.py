"""Customers by name, kana, number or the address of their accounting."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import AccountingContact, Addressee, Customer
from accounts.names import folded
from accounts.selectors import addressees_like, customers_like
from billing_project.backoffice.finding import found_by
from billing_project.backoffice.search import Words, finds

found_by(Customer, customers_like)
found_by(Addressee, addressees_like)


@finds(order=10, note=lambda customer: customer.code)
def customers(words: Words) -> QuerySet[Customer]:
    found = Q(search_key__contains=folded(words.text))
    if "@" in words.text:
        contacts = AccountingContact.objects.filter(customer=OuterRef("pk"), email__iexact=words.text)
        found |= Q(Exists(contacts))
    rows: QuerySet[Customer] = Customer.objects.filter(found).order_by("name", "pk")
    return rows
