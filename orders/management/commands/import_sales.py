import json
import sys
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import tenant_by_slug
from orders.sales_file import LineError
from orders.services.import_sales import ImportRejected, ImportResult, import_sales_file

WIDTH_OF_A_FILE = 160


class Command(BaseCommand):
    help = "Imports the sales that another system delivered (docs/sales-files.md): the whole file or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object, and no progress")

    def handle(self, *args: Any, **options: Any) -> None:
        content = _read(options["file"])
        tenant = tenant_by_slug(options["tenant"])
        if tenant is None:
            raise CommandError(_("There is no tenant %(slug)s.") % {"slug": options["tenant"]})
        actor = Actor(ActorKind.COMMAND, "import_sales")
        try:
            with _bar(hidden=options["json"]) as bar, tenant_context(tenant), acting_as(actor):
                task = bar.add_task(_("Sales"), total=None)
                result = import_sales_file(
                    content=content,
                    file_name=options["file"].name,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
        except Refusal as refusal:
            self._refuse(refusal, as_json=options["json"])
        else:
            self._report(result, as_json=options["json"])

    def _report(self, result: ImportResult, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"ok": True, **vars(result)}))
            return
        message = _(
            "%(created)d sales imported, %(skipped)d known already;"
            " %(customers_new)d new customers, %(products_new)d new products."
        )
        self.stdout.write(message % vars(result))

    def _refuse(self, refusal: Refusal, *, as_json: bool) -> None:
        errors = refusal.errors if isinstance(refusal, ImportRejected) else ()
        if as_json:
            said = {"ok": False, "code": refusal.code.value, "message": refusal.message}
            listed = [error._asdict() for error in errors]
            self.stdout.write(json.dumps({**said, "errors": listed}, ensure_ascii=False))
            sys.exit(1)
        if errors:
            width = None if self.stdout.isatty() else WIDTH_OF_A_FILE
            Console(file=cast(IO[str], self.stdout), width=width).print(_table(errors))
        raise CommandError(refusal.message)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None


def _bar(*, hidden: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden)


def _table(errors: tuple[LineError, ...]) -> Table:
    table = Table(_("Line"), _("Column"), _("What is wrong"), _("Code"))
    for error in errors:
        table.add_row(str(error.line), Text(error.column), Text(error.message), error.code)
    return table
