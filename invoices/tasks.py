from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.tenancy.tasks import TenantTask
from invoices.services.month_runs import run_month


@shared_task(base=TenantTask, bind=True)
def close_month_asked_for(_task: Any, tenant_id: int, run_id: int) -> None:
    run_month(tenant_id=tenant_id, run_id=run_id)


close_month_asked_for.own_transactions = True
