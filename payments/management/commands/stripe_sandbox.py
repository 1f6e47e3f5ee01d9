from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_project.safety import LOCAL
from payments.sandbox.server import Sandbox


class Command(BaseCommand):
    help = "Serves an imitation of Stripe's API and its hosted pages, for the demo and tests."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8420, help="0: any free one")
        parser.add_argument("--file", type=Path, help="where to keep what was done; default: memory alone")
        parser.add_argument(
            "--webhook",
            action="append",
            default=[],
            help="address for events, more than once for several; {tenant} stands for the tenant's name",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BASE_DOMAIN != LOCAL:
            raise CommandError("The sandbox is for this machine alone: BASE_DOMAIN is not localhost.")
        sandbox = Sandbox(
            port=options["port"],
            key=settings.STRIPE_SECRET_KEY,
            webhook_secret=settings.STRIPE_WEBHOOK_SECRET,
            webhook_urls=options["webhook"],
            file=options["file"],
        )
        self.stdout.write(f"Stripe sandbox: {sandbox.base}")
        self.stdout.flush()
        sandbox.serve()
