"""How fast documents are found among very many."""

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from invoices.benchmark.archive import measure_archive
from invoices.benchmark.scratch import scratch_database, superuser_url


class Command(BaseCommand):
    help = (
        "Makes a tenant with very many documents in a scratch database and prints one JSON object:"
        " milliseconds of each kind of search, count and first page, beside one page fetched by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", type=int, default=1_000_000)
        parser.add_argument("--customers", type=int, default=10_000)
        parser.add_argument("--rounds", type=int, default=9, help="of each search")
        parser.add_argument(
            "--superuser-url", help="who makes the scratch database; or in DATABASE_SUPERUSER_URL"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        superuser = options["superuser_url"] or superuser_url()
        if not superuser:
            raise CommandError("Give --superuser-url, or set DATABASE_SUPERUSER_URL.")
        documents, customers, rounds = (options[name] for name in ("documents", "customers", "rounds"))
        logging.disable(logging.INFO)
        with scratch_database(superuser):
            figures = measure_archive(documents, customers, rounds, lambda text: self.stderr.write(text))
        self.stdout.write(json.dumps(figures, indent=2))
