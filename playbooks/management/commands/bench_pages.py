"""How fast pages are answered."""

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from invoices.benchmark.scratch import scratch_database, superuser_url
from playbooks.benchmark.pages import measure_pages


class Command(BaseCommand):
    help = (
        "Fills one tenant in a scratch database with customers, orders, documents, payments and mails, serves"
        " it over HTTP on this machine, signs in, and opens every page of control panel and admin. Prints one"
        " JSON object: server time (of it processor and database), queries and bytes of each page, which of"
        " them miss the goals, which addresses are no pages, and what a million additions took beside them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", type=int, default=100_000)
        parser.add_argument("--requests", type=int, default=40, help="of each page")
        parser.add_argument("--only", default="", metavar="REGEX", help="routes to measure, such as ^admin:")
        parser.add_argument("--goals", action="store_true", help="fail when a page misses the goals")
        parser.add_argument(
            "--superuser-url", help="who makes the scratch database; or in DATABASE_SUPERUSER_URL"
        )

    def handle(
        self, *args: Any, documents: int, requests: int, only: str, goals: bool, **options: Any
    ) -> None:
        superuser = options["superuser_url"] or superuser_url()
        if not superuser:
            raise CommandError("Give --superuser-url, or set DATABASE_SUPERUSER_URL.")
        logging.disable(logging.INFO)
        with scratch_database(superuser):
            figures = measure_pages(
                str(connection.settings_dict["NAME"]),
                documents=documents,
                requests=requests,
                only=only,
                say=lambda text: self.stderr.write(text),
            )
        self.stdout.write(json.dumps(figures, indent=2))
        if goals and figures["misses"]:
            raise CommandError(
                f"{len(figures['misses'])} pages miss the goals: {', '.join(figures['misses'])}"
            )
