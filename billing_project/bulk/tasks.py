from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.bulk.services import run_bulk
from billing_project.tenancy.tasks import TenantTask


@shared_task(base=TenantTask, bind=True)
def carry_out_bulk(_task: Any, tenant_id: int, run_id: int) -> None:
    run_bulk(tenant_id=tenant_id, run_id=run_id)


carry_out_bulk.own_transactions = True
