from __future__ import annotations

from typing import Any

from celery import shared_task

from billing_project.tenancy.tasks import TenantTask
from orders.services.uploads import run_import
from payments.models import CardPayment
from payments.services.cards import release


@shared_task(base=TenantTask, bind=True)
def import_upload(_task: Any, tenant_id: int, upload_id: int) -> None:
    run_import(tenant_id=tenant_id, upload_id=upload_id)


import_upload.own_transactions = True


@shared_task(base=TenantTask, bind=True)
def release_charge(_task: Any, _tenant_id: int, card_payment_id: int) -> None:
    """After the order's commit, so that its lock is not held while the card payment's is waited for."""
    release(CardPayment.objects.get(pk=card_payment_id))
