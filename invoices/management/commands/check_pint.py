"""Checks JP PINT files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from invoices.pint import problems_of


class Command(BaseCommand):
    help = "Name what is wrong in JP PINT files: by our own checks, and by the official rules where they are."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument(
            "--rules", type=Path, help="folder of the official rules, with rules/ and ubl21-xsd/ in it"
        )

    def handle(self, *args: Any, files: list[Path], rules: Path | None, **options: Any) -> None:
        check = _official(rules)
        wrong = 0
        for file in files:
            try:
                xml = file.read_bytes()
            except OSError as error:
                raise CommandError(f"{file} cannot be read: {error.strerror}") from error
            found = [*problems_of(xml), *check(xml)]
            wrong += bool(found)
            self.stdout.write(f"{file}: {len(found)} problems" if found else f"{file}: conforms")
            for problem in found:
                self.stdout.write(f"    {problem}")
        if wrong:
            raise CommandError(f"{wrong} of {len(files)} files do not conform.")


def _official(folder: Path | None) -> Any:
    if folder is None:
        return lambda _xml: []
    # Only here: whoever has no rules needs no processor for them.
    from invoices.pint.official import OfficialRules

    try:
        return OfficialRules(folder).problems_of
    except FileNotFoundError as error:
        raise CommandError(f"The official rules are not complete: {error} is missing.") from error
