from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.jobs.runs import ask_again
from billing_project.jobs.services import run_due
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import active_tenant_ids
from billing_project.tenancy.tasks import TenantTask, publish


@shared_task(base=TenantTask, bind=True)
def run_jobs(_task: Any, tenant_id: int) -> None:
    run_due(tenant_id)
    with tenant_context(tenant_id):
        ask_again()


run_jobs.own_transactions = True


@shared_task
def tick() -> None:
    """Ask, for every tenant, for what has fallen due."""
    for tenant_id in active_tenant_ids():
        publish(run_jobs, tenant_id)
