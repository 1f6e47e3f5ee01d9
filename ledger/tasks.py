from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.tenancy.tasks import TenantTask
from ledger.journal.runs import run_journal


@shared_task(base=TenantTask, bind=True)
def write_journal(_task: Any, tenant_id: int, run_id: int) -> None:
    run_journal(tenant_id=tenant_id, run_id=run_id)


write_journal.own_transactions = True
