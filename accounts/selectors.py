"""Questions about who is who and which policy holds, asked in the tenant's context."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, Q, QuerySet

from accounts.models import (
    AccountingContact,
    Addressee,
    BankAccount,
    Branding,
    Customer,
    Issuer,
    Member,
    Operator,
    PolicyVersion,
    User,
)
from accounts.names import folded
from accounts.policy import BillingPolicy, read_policy
from billing_project.audit.models import AuditEntry
from billing_project.tenancy.context import current_tenant_id


def member_of(user: User) -> Member | None:
    """The active member that this user is at this tenant."""
    return _members(user).first()


def who_is(user: User, *, rather_operator: bool = False) -> tuple[Member | None, Operator | None]:
    """The member and the operator that this user is here; mostly one of them.

    One question when it is the likelier one, two when it is the other or both.
    """
    operators: QuerySet[Any] = Operator.objects.filter(user_id=user.pk, is_active=True)
    members = _members(user)
    if rather_operator:
        operator = operators.annotate(also_member=Exists(members)).first()
        return (members.first() if operator is None or operator.also_member else None), operator
    member = members.annotate(also_operates=Exists(operators)).first()
    return member, (operators.first() if member is None or member.also_operates else None)


def _members(user: User) -> QuerySet[Any]:
    found: QuerySet[Any] = Member.objects.filter(
        user_id=user.pk, is_active=True, customer__is_active=True
    ).select_related("customer")
    return found


def active_member(pk: int) -> Member | None:
    """The member with its customer and user, as long as both are active."""
    found = Member.objects.filter(pk=pk, is_active=True, customer__is_active=True)
    member: Member | None = found.select_related("customer", "user").first()
    return member


def as_it_stands(member: Member | None) -> Member | None:
    """The member read anew, to be judged in the transaction of an act and behind its locks.

    Since the caller loaded it, it may have lost its rights. None stays None.
    """
    return member and Member.objects.get(pk=member.pk)


def is_operator(user_id: int) -> bool:
    """Also of one who is no longer active: such a user is never looked at as a member."""
    found: bool = Operator.objects.filter(user_id=user_id).exists()
    return found


def operator_of(user: User) -> Operator | None:
    operator: Operator | None = Operator.objects.filter(user_id=user.pk, is_active=True).first()
    return operator


def last_sign_in(user: User) -> datetime | None:
    """When this user signed in at this tenant the last time."""
    signed_in = AuditEntry.objects.filter(object_kind="user", object_id=user.pk, action="signed_in")
    return signed_in.order_by("-at").values_list("at", flat=True).first()


def bank_accounts() -> list[BankAccount]:
    """Where customers transfer to now; asked once a minute at most."""
    key = f"bank_accounts:{current_tenant_id()}"
    found: Any = cache.get_or_set(key, lambda: list(BankAccount.objects.filter(is_active=True)), 60)
    return list(found)


def language_of(member: Member) -> str:
    """The language a member is written to in: its own choice, else the company's."""
    return str(member.language or member.customer.language)


def language_of_operators() -> str:
    """Operators have no language of their own: they are written to in that of the installation."""
    return settings.LANGUAGE_CODE


def contact_of(customer: Customer) -> AccountingContact:
    contact: AccountingContact = AccountingContact.objects.get(customer=customer)
    return contact


def issuer() -> Issuer:
    found: Issuer = Issuer.objects.get()
    return found


def branding() -> Branding | None:
    """Logo, seal and colour as they are now; None when nothing was ever set."""
    newest: Branding | None = Branding.objects.order_by("-id").first()
    return newest


def branding_without_pictures() -> Branding | None:
    """The same; logo and seal, up to 200 kB each, are read only by whoever asks for them."""
    newest: Branding | None = Branding.objects.defer("logo", "seal").order_by("-id").first()
    return newest


def policy_version_on(day: date) -> PolicyVersion:
    """The version that holds on this day: the newest of those valid from it or earlier (X10)."""
    version: PolicyVersion = PolicyVersion.objects.filter(valid_from__lte=day).order_by("-valid_from", "-id")[
        0
    ]
    return version


def policy_of(version: PolicyVersion) -> BillingPolicy:
    return _read_once(json.dumps(version.fields, sort_keys=True))


@lru_cache(maxsize=256)
def _read_once(fields: str) -> BillingPolicy:
    """A policy never changes, so the same text need not be read and checked again."""
    return read_policy(json.loads(fields))


def policy_on(day: date) -> BillingPolicy:
    return policy_of(policy_version_on(day))


def policies_on(days: Collection[date]) -> dict[date, BillingPolicy]:
    """The policies that hold on these days, with one question."""
    if not days:
        return {}
    versions = list(PolicyVersion.objects.filter(valid_from__lte=max(days)).order_by("valid_from", "id"))
    return {
        day: policy_of([version for version in versions if version.valid_from <= day][-1]) for day in days
    }


def customers_like(text: str) -> list[int]:
    """Ids of the customers whose number or name, in letters or kana, holds the text."""
    found: QuerySet[Customer] = Customer.objects.filter(search_key__contains=folded(text))
    return list(found.values_list("pk", flat=True))


def customers_of_contact(text: str) -> list[int]:
    """Ids of the customers whose accounting contact's name or mail address holds the text."""
    found = AccountingContact.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return list(found.values_list("customer_id", flat=True))


def addressees_like(text: str) -> list[int]:
    """Ids of the addressees that hold the text, or whose customer's number or name does."""
    sought = folded(text)
    found: QuerySet[Addressee] = Addressee.objects.filter(
        Q(search_key__contains=sought) | Q(customer__search_key__contains=sought)
    )
    return list(found.values_list("pk", flat=True))
