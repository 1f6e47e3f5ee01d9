"""The audit log: `record` is called by every act that changes money, documents or access."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models

from billing_project import clock
from billing_project.audit.models import ActorKind, AuditEntry


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where; the middleware, a job or a command says so once."""

    kind: ActorKind
    label: str
    user_id: int | None = None
    ip_address: str | None = None
    request_id: str = ""


SYSTEM = Actor(ActorKind.SYSTEM, "Shimebi")
_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def current_actor() -> Actor:
    return _actor.get()


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Everything recorded inside is recorded as done by `actor`."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def record(action: str, target: models.Model | None = None, **data: Any) -> AuditEntry:
    """Write one entry in the caller's transaction; `data` must be JSON-serialisable."""
    actor = current_actor()
    entry: AuditEntry = AuditEntry.objects.create(
        at=clock.now(),
        actor_kind=actor.kind,
        actor_label=actor.label,
        actor_user_id=actor.user_id,
        action=action,
        object_kind=target._meta.model_name if target is not None else "",
        object_id=target.pk if target is not None else None,
        object_label=str(target)[:200] if target is not None else "",
        data=data,
        ip_address=actor.ip_address,
        request_id=actor.request_id,
    )
    return entry
