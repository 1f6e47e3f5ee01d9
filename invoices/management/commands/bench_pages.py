"""How fast pages are answered."""

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from invoices.benchmark.pages import measure_pages, sizes
from invoices.benchmark.scratch import scratch_database, superuser_url


class Command(BaseCommand):
    help = (
        "Closes months of one tenant in a scratch database, serves it over HTTP on this machine, signs in,"
        " and prints one JSON object: server time and statements of each page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", type=int, default=100_000)
        parser.add_argument("--requests", type=int, default=100, help="of each page")
        parser.add_argument(
            "--superuser-url", help="who makes the scratch database; or in DATABASE_SUPERUSER_URL"
        )

    def handle(self, *args: Any, documents: int, requests: int, **options: Any) -> None:
        superuser = options["superuser_url"] or superuser_url()
        if not superuser:
            raise CommandError("Give --superuser-url, or set DATABASE_SUPERUSER_URL.")
        logging.disable(logging.INFO)
        with scratch_database(superuser):
            name = str(connection.settings_dict["NAME"])
            figures = measure_pages(name, sizes(documents), requests, lambda text: self.stderr.write(text))
        self.stdout.write(json.dumps(figures, indent=2))
