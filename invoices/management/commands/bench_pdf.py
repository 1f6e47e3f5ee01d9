"""How fast PDFs are made, and with how much memory."""

import json
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from invoices.rendering.measure import measure

LINES = (8, 60, 500)


class Command(BaseCommand):
    help = "Print one JSON object: PDFs per second and core, and peak memory, by number of lines."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lines", type=int, nargs="+", default=LINES, help="lines of the documents")
        parser.add_argument("--here", type=int, metavar="LINES", help="measure one size in this process")

    def handle(self, *args: Any, lines: list[int], here: int | None, **options: Any) -> None:
        figures = measure(here) if here else {str(count): _measured_alone(count) for count in lines}
        self.stdout.write(json.dumps(figures, indent=2))


def _measured_alone(line_count: int) -> dict[str, Any]:
    """In a process of its own, because the peak of memory is a fact of a process."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench_pdf", "--here", str(line_count)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - ourselves
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures
