"""Prove that no stored file was changed and none is missing."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from billing_project.tenancy.lookup import active_tenants, tenant_by_slug
from invoices.archive_check import Finding, check_archives


class Command(BaseCommand):
    help = (
        "Compute the SHA-256 of all stored files anew; exit 1 when a file differs or is missing. Prints a"
        " line per finding, with tabs between tenant, archive, document, form and problem (changed, size,"
        " missing, incomplete, orphaned). A document of the last 24 hours may still wait for its files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="only this tenant; default: all that are active")

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        count = 0
        tenants = _tenants(tenant)
        for each in tenants:
            for finding in _watched(each):
                count += 1
                fields = (each.slug, finding.archive, finding.document, finding.media_type, finding.problem)
                self.stdout.write("\t".join(fields))
        if count:
            raise CommandError(f"Findings: {count}")
        self.stderr.write(f"All files are as they were made; tenants: {len(tenants)}.")


def _watched(tenant: Any) -> Iterator[Finding]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(tenant.slug, total=None)
        yield from check_archives(
            tenant.pk, lambda done, total: bar.update(task, completed=done, total=total)
        )


def _tenants(slug: str | None) -> list[Any]:
    if slug is None:
        return active_tenants()
    found = tenant_by_slug(slug)
    if found is None:
        raise CommandError(f"There is no tenant {slug}.")
    return [found]
