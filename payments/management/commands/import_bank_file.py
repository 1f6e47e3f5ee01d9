import json
import sys
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table
from rich.text import Text

from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.errors import Refusal
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import tenant_by_slug
from payments.bank_files.errors import BankFileRejected, RecordError
from payments.models import BankCsvMapping
from payments.services import ImportResult, import_bank_file

WIDTH_OF_A_FILE = 160


class Command(BaseCommand):
    help = "Imports a bank file (docs/bank-files.md): 全銀協 01 or 03, or CSV. The whole file or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--csv", metavar="BANK", help="read CSV by the columns mapped for this bank")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        content = _read(options["file"])
        tenant = tenant_by_slug(options["tenant"])
        if tenant is None:
            raise CommandError(_("There is no tenant %(slug)s.") % {"slug": options["tenant"]})
        try:
            with tenant_context(tenant), acting_as(Actor(ActorKind.COMMAND, "import_bank_file")):
                mapping = _mapping(options["csv"])
                result = import_bank_file(content=content, name=options["file"].name, mapping=mapping)
        except Refusal as refusal:
            self._refuse(refusal, as_json=options["json"])
        else:
            self._report(result, as_json=options["json"])

    def _report(self, result: ImportResult, *, as_json: bool) -> None:
        figures = result.figures
        if as_json:
            self.stdout.write(json.dumps({"ok": True, **figures}, ensure_ascii=False))
            return
        if not result.is_new:
            self.stdout.write(_("This file has been imported before; nothing was booked."))
        message = _(
            "%(entries)d entries, %(known)d known already: %(matched)d matched (%(exact)d exact),"
            " %(suggested)d with a suggestion, %(unmatched)d unmatched."
        )
        self.stdout.write(message % figures)
        if result.file.doubtful:
            text = _("%(count)d entries are perhaps known already and wait on the bank desk.")
            self.stdout.write(text % {"count": result.file.doubtful})
        if result.not_taken_back:
            numbers = ", ".join(map(str, result.not_taken_back))
            text = _("Cancellations of the bank that need a person: records %(records)s.")
            self.stdout.write(text % {"records": numbers})

    def _refuse(self, refusal: Refusal, *, as_json: bool) -> None:
        errors = refusal.errors if isinstance(refusal, BankFileRejected) else ()
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


def _mapping(bank: str | None) -> BankCsvMapping | None:
    if bank is None:
        return None
    found: BankCsvMapping | None = BankCsvMapping.objects.filter(name=bank).first()
    if found is None:
        raise CommandError(_("No columns have been mapped for %(bank)s.") % {"bank": bank})
    return found


def _table(errors: tuple[RecordError, ...]) -> Table:
    table = Table(_("Record"), _("Field"), _("What is wrong"), _("Code"))
    for error in errors:
        table.add_row(str(error.record), Text(error.field), Text(error.message), error.code)
    return table
