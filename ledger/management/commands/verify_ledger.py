"""Prove that the books are right."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import active_tenant_ids, tenant_by_slug
from ledger.verification import Difference, names, verify


class Command(BaseCommand):
    help = (
        "Compare balances, open items, documents and numbers with the ledger; exit 1 when anything differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="only this tenant; default: all that are active")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        differences = [(tenant_id, found) for tenant_id in _tenants(tenant) for found in _verify(tenant_id)]
        if options["json"]:
            self.stdout.write(_as_json(differences))
        elif not differences:
            self.stdout.write(f"All is well: {', '.join(names())}.")
        if differences:
            named = (
                "" if options["json"] else "".join(f"\n  tenant {key}: {each}" for key, each in differences)
            )
            raise CommandError(f"Differences: {len(differences)}{named}")


def _tenants(slug: str | None) -> list[int]:
    if slug is None:
        return active_tenant_ids()
    found = tenant_by_slug(slug)
    if found is None:
        raise CommandError(f"There is no tenant {slug}.")
    return [found.pk]


def _verify(tenant_id: int) -> list[Difference]:
    with tenant_context(tenant_id):
        return verify()


def _as_json(differences: list[tuple[int, Difference]]) -> str:
    rows = [{"tenant_id": tenant_id, **asdict(found)} for tenant_id, found in differences]
    return json.dumps({"ok": not rows, "checks": names(), "differences": rows}, ensure_ascii=False)
