import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from billing_project.jobs.import_command import ImportCommand
from orders.services.import_sales import ImportRejected, ImportResult, import_sales_file


class Command(ImportCommand):
    help = "Imports the sales that another system delivered (docs/sales-files.md): the whole file or nothing."
    name = "import_sales"
    rejected = ImportRejected
    places = (gettext_lazy("Line"), gettext_lazy("Column"))

    def carry_out(self, content: bytes, options: dict[str, Any]) -> ImportResult:
        with _bar(hidden=options["json"]) as bar:
            task = bar.add_task(_("Sales"), total=None)
            return import_sales_file(
                content=content,
                file_name=options["file"].name,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )

    def report(self, result: ImportResult, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"ok": True, **vars(result)}))
            return
        message = _(
            "%(created)d sales imported, %(skipped)d known already;"
            " %(customers_new)d new customers, %(products_new)d new products."
        )
        self.stdout.write(message % vars(result))


def _bar(*, hidden: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden)
