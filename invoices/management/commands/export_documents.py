"""Write issued documents and their index into a folder."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.errors import Refusal
from billing_project.tenancy.lookup import tenant_by_slug
from invoices.services.export import DamagedFileError, export_documents
from invoices.services.export.folder import NotMadeError


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day: write it as 2026-11-30") from None


class Command(BaseCommand):
    help = "Writes the documents issued in a range of days into a folder: index.csv, and PDF and XML of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--from", type=_day, required=True, dest="first", metavar="DATE")
        parser.add_argument("--to", type=_day, required=True, dest="last", metavar="DATE")
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = tenant_by_slug(options["tenant"])
        if tenant is None:
            raise CommandError(_("There is no tenant %(slug)s.") % {"slug": options["tenant"]})
        folder = options["output"]
        try:
            with _bar() as bar, acting_as(Actor(ActorKind.COMMAND, "export_documents")):
                task = bar.add_task(_("Documents"), total=None)
                count = export_documents(
                    tenant=tenant,
                    first=options["first"],
                    last=options["last"],
                    folder=folder,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        except DamagedFileError as error:
            message = _("The stored file of %(number)s is damaged. Restore it from a backup.")
            raise CommandError(message % {"number": error}) from None
        except NotMadeError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        self.stdout.write(_("%(count)d documents in %(folder)s") % {"count": count, "folder": folder})


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
