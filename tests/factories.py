"""Ready-made tenants and customers. Every test makes its own tenant, since tests commit for real."""

from __future__ import annotations

import itertools
import os
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Customer, Tenant, User
from accounts.policy.choices import PaymentMethod
from accounts.services import NewContact, create_customer, create_tenant, set_policy
from payments.models import PayerName

_serial = itertools.count(1)
SINCE = date(2026, 1, 1)


def unique(prefix: str = "t") -> str:
    """A name no other test uses, also not one of another process."""
    return f"{prefix}{os.getpid()}-{next(_serial)}"


def make_tenant(*, preset: str = "certificate-shop", since: date = SINCE, **policy: Any) -> Tenant:
    """A tenant of its own; keyword arguments are policy fields that differ from the preset."""
    from billing_project import clock
    from billing_project.tenancy.context import tenant_context

    slug = unique()
    tenant = create_tenant(slug=slug, name=f"株式会社 {slug}", preset=preset, since=since)
    if policy:
        with tenant_context(tenant):
            set_policy(changes=policy, valid_from=clock.today(tenant.zone))
    return tenant


def make_customer(
    name: str = "株式会社アクメ",
    *,
    pays: str = PaymentMethod.LATER_TRANSFER,
    payer_name: str = "",
    contact: str = "経理 太郎",
    email: str = "",
    **fields: Any,
) -> Customer:
    """A customer of the current tenant; one that pays later has been allowed to."""
    customer = create_customer(
        name=name,
        contact=NewContact(contact, email or f"{unique('keiri')}@example.com"),
        payment_method=pays,
        later_payment_allowed=pays == PaymentMethod.LATER_TRANSFER,
        **fields,
    )
    if payer_name:
        PayerName.objects.create(customer=customer, name=payer_name)
    return customer


def make_user(email: str = "", *, password: str | None = None) -> User:
    user: User = User.objects.create_user(email or f"{unique('user')}@example.com")
    if password is not None:
        user.password = _hashed(password)
        user.save(update_fields=["password"])
        User.objects.confirm_mail_address(user)
    return user


@cache
def _hashed(password: str) -> str:
    """A quarter of a second each."""
    return make_password(password)
