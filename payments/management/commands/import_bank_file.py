import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing_project.jobs.import_command import ImportCommand
from payments.bank_files.errors import BankFileRejected
from payments.models import BankCsvMapping
from payments.services import ImportResult, import_bank_file


class Command(ImportCommand):
    help = "Imports a bank file (docs/bank-files.md): 全銀協 01 or 03, or CSV. The whole file or nothing."
    name = "import_bank_file"
    rejected = BankFileRejected
    places = (gettext_lazy("Record"), gettext_lazy("Field"))

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--csv", metavar="BANK", help="read CSV by the columns mapped for this bank")

    def carry_out(self, content: bytes, options: dict[str, Any]) -> ImportResult:
        mapping = _mapping(options["csv"])
        return import_bank_file(content=content, name=options["file"].name, mapping=mapping)

    def report(self, result: ImportResult, *, as_json: bool) -> None:
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


def _mapping(bank: str | None) -> BankCsvMapping | None:
    if bank is None:
        return None
    found: BankCsvMapping | None = BankCsvMapping.objects.filter(name=bank).first()
    if found is None:
        raise CommandError(_("No columns have been mapped for %(bank)s.") % {"bank": bank})
    return found
