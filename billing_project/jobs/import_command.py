"""Commands that import a file for a tenant: the whole file or nothing, told in words or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text as RichText

from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.errors import Refusal, Text
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import tenant_by_slug

WIDTH_OF_A_FILE = 160


class ImportCommand(BaseCommand):
    """`name` stands in the audit log. `rejected` is the refusal whose `errors` name places in the file, as
    (line, field, code, message); `places` is what line and field are called.
    """

    name: str
    rejected: type[Any]
    places: tuple[Text, Text]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object, and no progress")

    def handle(self, *args: Any, **options: Any) -> None:
        content = _read(options["file"])
        try:
            with _in_tenant(options["tenant"], self.name):
                result = self.carry_out(content, options)
        except Refusal as refusal:
            self._refuse(refusal, as_json=options["json"])
        else:
            self.report(result, as_json=options["json"])

    def carry_out(self, content: bytes, options: dict[str, Any]) -> Any:
        """Imports; what it gives goes to `report`. Raises Refusal."""
        raise NotImplementedError

    def report(self, result: Any, *, as_json: bool) -> None:
        raise NotImplementedError

    def _refuse(self, refusal: Refusal, *, as_json: bool) -> None:
        errors = refusal.errors if isinstance(refusal, self.rejected) else ()
        if as_json:
            said = {"ok": False, "code": refusal.code.value, "message": refusal.message}
            listed = [error._asdict() for error in errors]
            self.stdout.write(json.dumps({**said, "errors": listed}, ensure_ascii=False))
            sys.exit(1)
        if errors:
            width = None if self.stdout.isatty() else WIDTH_OF_A_FILE
            Console(file=cast(IO[str], self.stdout), width=width).print(self._table(errors))
        raise CommandError(refusal.message)

    def _table(self, errors: Sequence[tuple[int, str, str, str]]) -> RichTable:
        table = RichTable(*map(str, self.places), _("What is wrong"), _("Code"))
        for line, field, code, message in errors:
            table.add_row(str(line), RichText(field), RichText(message), code)
        return table


@contextmanager
def _in_tenant(slug: str, command: str) -> Iterator[None]:
    tenant = tenant_by_slug(slug)
    if tenant is None:
        raise CommandError(_("There is no tenant %(slug)s.") % {"slug": slug})
    with tenant_context(tenant), acting_as(Actor(ActorKind.COMMAND, command)):
        yield


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
