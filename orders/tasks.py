from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.tenancy.tasks import TenantTask
from orders.services.uploads import run_import


@shared_task(base=TenantTask, bind=True)
def import_upload(_task: Any, tenant_id: int, upload_id: int) -> None:
    run_import(tenant_id=tenant_id, upload_id=upload_id)


import_upload.own_transactions = True
