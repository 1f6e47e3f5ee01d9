from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.outbox.services import send_next
from billing_project.tenancy.lookup import active_tenant_ids
from billing_project.tenancy.tasks import TenantTask, publish

BATCH = 10


@shared_task(base=TenantTask, bind=True)
def send_waiting(task: Any, tenant_id: int) -> None:
    """Send what waits, a batch at a time, so that tenants take turns."""
    for _ in range(BATCH):
        if not send_next(tenant_id):
            return
    publish(task, tenant_id)


send_waiting.own_transactions = True


@shared_task
def sweep() -> None:
    """Nothing is lost when the broker was away: whatever waits is asked for again."""
    for tenant_id in active_tenant_ids():
        publish(send_waiting, tenant_id)
