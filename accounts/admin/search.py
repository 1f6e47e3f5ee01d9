"""Customers by name, kana, number or the address of their accounting."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import AccountingContact, Customer
from billing_project.backoffice.search import Words, finds


@finds(order=10, note=lambda customer: customer.code)
def customers(words: Words) -> QuerySet[Customer]:
    found = Q(code__iexact=words.text) | Q(name__icontains=words.text) | Q(name__icontains=words.wide)
    found |= Q(name_kana__icontains=words.kana)
    if "@" in words.text:
        contacts = AccountingContact.objects.filter(customer=OuterRef("pk"), email__iexact=words.text)
        found |= Q(Exists(contacts))
    rows: QuerySet[Customer] = Customer.objects.filter(found).order_by("name", "pk")
    return rows
