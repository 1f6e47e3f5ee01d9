"""Which tenant this piece of work belongs to; the database is told with SET LOCAL, and in no other way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import structlog
from django.db import connections, transaction

if TYPE_CHECKING:
    from accounts.models import Tenant

_current: ContextVar[int | None] = ContextVar("tenant_id", default=None)
_known: ContextVar[Tenant | None] = ContextVar("tenant", default=None)


class NoTenantError(RuntimeError):
    """A tenant's rows were asked for outside `tenant_context`."""


class OtherTenantError(RuntimeError):
    """A second tenant was entered inside the context of the first."""


def current_tenant_id() -> int:
    """Id of the tenant whose context this is; raises `NoTenantError` outside of one."""
    tenant_id = _current.get()
    if tenant_id is None:
        raise NoTenantError("No tenant: wrap this in tenant_context(tenant).")
    return tenant_id


def known_tenant() -> Tenant | None:
    """The tenant of the context, when it was entered with more than its id."""
    return _known.get()


def in_tenant_context() -> bool:
    return _current.get() is not None


@contextmanager
def tenant_context(tenant: Tenant | int, *, using: str = "default") -> Iterator[None]:
    """One transaction in which only this tenant's rows exist.

    Entering the same tenant again nests as a savepoint; entering another raises `OtherTenantError`.
    The setting is local to the transaction, so a pooled connection never carries it on.
    """
    tenant_id = tenant if isinstance(tenant, int) else tenant.pk
    outer = _current.get()
    if outer is not None and outer != tenant_id:
        raise OtherTenantError(f"Inside tenant {outer}, tenant {tenant_id} cannot be entered.")
    token = _current.set(tenant_id)
    known = _known.set(_known.get() if isinstance(tenant, int) else tenant)
    try:
        with (
            structlog.contextvars.bound_contextvars(tenant=tenant_id),
            transaction.atomic(using=using),
        ):
            _tell_database(str(tenant_id), using)
            yield
            if outer is None:
                _forget_in_savepoint(using)
    finally:
        _known.reset(known)
        _current.reset(token)


def _tell_database(value: str, using: str) -> None:
    with connections[using].cursor() as cursor:
        # SET takes no parameters; `value` is digits of our own or empty.
        cursor.execute(f"SET LOCAL app.tenant_id = '{value}'")


def _forget_in_savepoint(using: str) -> None:
    """Inside a caller's transaction the setting would outlive the context: take it back."""
    connection = connections[using]
    if connection.savepoint_ids and not connection.needs_rollback:
        _tell_database("", using)
