"""After a new key was put first in ESEAL_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import active_tenants
from invoices.eseal.services import rotate_keys


class Command(BaseCommand):
    help = "Encrypts the private keys of all tenants' certificates with the first key of ESEAL_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        for tenant in active_tenants():
            with tenant_context(tenant):
                if count := rotate_keys():
                    self.stdout.write(f"{tenant.slug}: {count}")
