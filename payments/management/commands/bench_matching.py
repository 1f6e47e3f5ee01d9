"""How fast a bank file is read, matched and booked."""

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from invoices.benchmark.scratch import scratch_database, superuser_url
from payments.benchmark import measure


class Command(BaseCommand):
    help = (
        "Makes customers and open documents in a scratch database, imports one bank file, and prints one JSON"
        " object: seconds for reading, matching and booking, and the shares of what became of the transfers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--transfers", type=int, default=50_000)
        parser.add_argument("--documents", type=int, default=100_000)
        parser.add_argument(
            "--superuser-url", help="who makes the scratch database; or in DATABASE_SUPERUSER_URL"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        superuser = options["superuser_url"] or superuser_url()
        if not superuser:
            raise CommandError("Give --superuser-url, or set DATABASE_SUPERUSER_URL.")
        logging.disable(logging.INFO)
        with scratch_database(superuser):
            figures = measure(
                options["transfers"], options["documents"], lambda text: self.stderr.write(text)
            )
        self.stdout.write(json.dumps(figures))
