from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.tenancy.lookup import active_tenant_ids
from billing_project.tenancy.tasks import TenantTask, publish
from payments.services.cards.sweeping import talk
from payments.services.uploads import run_import


@shared_task(base=TenantTask, bind=True)
def talk_about_cards(_task: Any, tenant_id: int) -> None:
    """Ask the card provider for what was intended, and act on what it told."""
    talk(tenant_id)


talk_about_cards.own_transactions = True


@shared_task
def sweep() -> None:
    """Nothing is lost when the broker, the provider or a worker was away."""
    for tenant_id in active_tenant_ids():
        publish(talk_about_cards, tenant_id)


@shared_task(base=TenantTask, bind=True)
def import_upload(_task: Any, tenant_id: int, upload_id: int) -> None:
    run_import(tenant_id=tenant_id, upload_id=upload_id)


import_upload.own_transactions = True
