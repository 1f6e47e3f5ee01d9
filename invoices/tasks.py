from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.tenancy.tasks import TenantTask, publish
from invoices.services.export import make_files
from invoices.services.month_runs import run_month
from invoices.services.preview_runs import run_preview


@shared_task(base=TenantTask, bind=True)
def close_month_asked_for(_task: Any, tenant_id: int, run_id: int) -> None:
    run_month(tenant_id=tenant_id, run_id=run_id)


close_month_asked_for.own_transactions = True


@shared_task(base=TenantTask, bind=True)
def preview_closing_asked_for(_task: Any, tenant_id: int, run_id: int) -> None:
    run_preview(tenant_id=tenant_id, run_id=run_id)


preview_closing_asked_for.own_transactions = True


@shared_task(base=TenantTask, bind=True)
def make_export(task: Any, tenant_id: int, export_id: int) -> None:
    """A batch at a time, so that tenants take turns."""
    if make_files(tenant_id=tenant_id, export_id=export_id):
        publish(task, tenant_id, export_id)


make_export.own_transactions = True
