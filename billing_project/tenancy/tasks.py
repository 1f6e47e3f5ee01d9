"""Celery tasks inside a tenant."""

from __future__ import annotations

from typing import Any

import structlog
from celery import Task
from django.db import transaction
from django.dispatch import receiver
from django_structlog.celery.signals import bind_extra_task_metadata

from billing_project.tenancy.context import current_tenant_id, tenant_context

log = structlog.get_logger(__name__)


class TenantTask(Task[Any, Any]):
    """Task that runs in `tenant_context(tenant_id)`; its first argument is the tenant's id.

    Enqueue with `enqueue(…)`: it takes the tenant of the context and waits for the commit.
    With `own_transactions = True` the body opens its contexts itself (it calls the outside).
    """

    abstract = True
    own_transactions = False

    def __call__(self, tenant_id: int, *args: Any, **kwargs: Any) -> Any:
        if self.own_transactions:
            return super().__call__(tenant_id, *args, **kwargs)
        with tenant_context(tenant_id):
            return super().__call__(tenant_id, *args, **kwargs)

    def enqueue(self, *args: Any, **kwargs: Any) -> None:
        tenant_id = current_tenant_id()
        transaction.on_commit(lambda: publish(self, tenant_id, *args, **kwargs))


@receiver(bind_extra_task_metadata)
def _log_tenant(task: Task[Any, Any], **_kwargs: Any) -> None:
    """All lines of the task bear its tenant, also those outside of a context."""
    if isinstance(task, TenantTask) and task.request.args:
        structlog.contextvars.bind_contextvars(tenant=task.request.args[0])


def publish(task: Task[Any, Any], *args: Any, **kwargs: Any) -> None:
    """Hand the task to the broker; a broker that is away loses nothing, since a sweep follows."""
    try:
        task.apply_async(args=args, kwargs=kwargs)
    except task.OperationalError:
        log.warning("broker_unreachable", task=task.name)
