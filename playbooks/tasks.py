from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.tenancy.tasks import TenantTask
from playbooks.services import SECONDS, run_asked_for

KILLED_AFTER = SECONDS * 3


@shared_task(base=TenantTask, bind=True, time_limit=KILLED_AFTER)
def play_story(_task: Any, tenant_id: int, run_id: int) -> None:
    run_asked_for(tenant_id=tenant_id, run_id=run_id)


play_story.own_transactions = True
