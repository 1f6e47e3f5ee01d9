"""Close a month and issue its documents."""

import json
import sys
from argparse import ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.calendar import Month
from billing_project.errors import Refusal
from billing_project.tenancy.lookup import tenant_by_slug
from invoices.models import ClosingState
from invoices.services.months import JobFailedError, MonthClosed, close_month


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except Refusal as refusal:
        raise ArgumentTypeError(refusal.message) from None


class Command(BaseCommand):
    help = "Close a month and issue its documents, as the jobs would; days missed before are caught up first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=_month, help="the month that is over, as in 2026-10")
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="say what would be issued; change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, month: Month, tenant: str, dry_run: bool, **options: Any) -> None:
        found = tenant_by_slug(tenant)
        if found is None:
            raise CommandError(f"There is no tenant {tenant}.")
        console = Console(stderr=True, quiet=options["json"] or not sys.stderr.isatty())
        try:
            with console.status(f"{tenant} {month}") as status, acting_as(_ACTOR):
                done = close_month(
                    tenant=found,
                    month=month,
                    dry_run=dry_run,
                    watch=lambda job: status.update(f"{tenant} {month}: {job}"),
                )
        except (Refusal, JobFailedError) as error:
            raise CommandError(_explain(error, as_json=options["json"])) from error
        report = _report(tenant, month, dry_run, done)
        if options["json"]:
            self.stdout.write(json.dumps(report, default=str, ensure_ascii=False))
        else:
            self._print(report)

    def _print(self, report: dict[str, Any]) -> None:
        self.stdout.write(_headline(report))
        table = Table("", "yen", box=None)
        table.columns[1].justify = "right"
        for name in ("documents", "lines", "customers", *(["left_out"] if report["left_out"] else [])):
            table.add_row(name.replace("_", " "), f"{report[name]:,}")
        for rate in report["rates"]:
            label = rate["category"] + (f" {rate['rate']} %" if rate["rate"] is not None else "")
            table.add_row(f"{label}: net", f"{rate['net']:,}")
            table.add_row(f"{label}: tax", f"{rate['tax']:,}")
        for name in ("net", "tax", "total", "deposit_applied", "to_pay"):
            table.add_row(name.replace("_", " "), f"{report[name]:,}")
        console = Console(width=60)
        with console.capture() as text:
            console.print(table)
        self.stdout.write(text.get())


_ACTOR = Actor(ActorKind.COMMAND, "close_month")


def _report(tenant: str, month: Month, dry_run: bool, done: MonthClosed) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "month": str(month),
        "dry_run": dry_run,
        "already_closed": done.already_closed,
        **asdict(done.figures),
    }


def _headline(report: dict[str, Any]) -> str:
    named = f"{report['tenant']} {report['month']} (closing day {report['closes_on']})"
    if report["already_closed"]:
        return f"{named}: already closed, nothing was changed. Issued on {report['issue_on']}:"
    if report["dry_run"]:
        return f"{named}: nothing was changed. To be issued on {report['issue_on']}:"
    if report["state"] == ClosingState.CLOSED:
        return f"{named}: closed. Documents are issued on {report['issue_on']}; until now:"
    return f"{named}: closed. Issued on {report['issue_on']}:"


def _explain(error: Exception, *, as_json: bool) -> str:
    code = error.code.value if isinstance(error, Refusal) else "job_failed"
    answer = {"refused": code, "message": str(error)}
    return json.dumps(answer, ensure_ascii=False) if as_json else f"{code}: {error}"
