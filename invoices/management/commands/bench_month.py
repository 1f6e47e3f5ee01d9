"""How fast a month's files are made by workers."""

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from invoices.benchmark.month_run import MonthSize, measure_month
from invoices.benchmark.scratch import scratch_database, superuser_url


class Command(BaseCommand):
    help = (
        "Closes a month in a scratch database, has real workers make its files and send its mails, kills one"
        " of them in the middle, and prints one JSON object: files a second, and that each document has one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", type=int, default=10_000)
        parser.add_argument("--lines", type=int, default=8, help="of each document")
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--no-kill", action="store_true", help="no worker dies")
        parser.add_argument(
            "--superuser-url", help="who makes the scratch database; or in DATABASE_SUPERUSER_URL"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        superuser = options["superuser_url"] or superuser_url()
        if not superuser:
            raise CommandError("Give --superuser-url, or set DATABASE_SUPERUSER_URL.")
        size = MonthSize(
            options["documents"], options["lines"], options["workers"], kills=not options["no_kill"]
        )
        logging.disable(logging.INFO)
        with scratch_database(superuser):
            name = str(connection.settings_dict["NAME"])
            figures = measure_month(name, size, lambda text: self.stderr.write(text))
        self.stdout.write(json.dumps(figures, indent=2))
