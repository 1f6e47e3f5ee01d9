"""How fast months are closed."""

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from invoices.benchmark.closing import HISTORY, Size, measure
from invoices.benchmark.scratch import scratch_database, superuser_url


class Command(BaseCommand):
    help = (
        "Makes tenants, customers and charges in a scratch database, closes their months, and prints one JSON"
        " object: documents per second on one and two connections, beside COPY of the same rows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenants", type=int, default=20)
        parser.add_argument("--customers", type=int, default=1000, help="for each tenant")
        parser.add_argument("--charges", type=int, default=10, help="for each customer and month")
        parser.add_argument("--history", type=int, default=HISTORY, help="months closed before the last one")
        parser.add_argument(
            "--superuser-url", help="who makes the scratch database; or in DATABASE_SUPERUSER_URL"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        superuser = options["superuser_url"] or superuser_url()
        if not superuser:
            raise CommandError("Give --superuser-url, or set DATABASE_SUPERUSER_URL.")
        size = Size(*(options[name] for name in ("tenants", "customers", "charges", "history")))
        logging.disable(logging.INFO)
        with scratch_database(superuser) as scratch:
            figures = measure(scratch, size, lambda text: self.stderr.write(text))
        self.stdout.write(json.dumps(figures))
