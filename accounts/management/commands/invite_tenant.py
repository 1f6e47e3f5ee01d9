from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.services.setup import invite_tenant


class Command(BaseCommand):
    help = "Prints a link, valid for seven days and for one tenant, that opens the set-up pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="who will be the tenant's first operator")
        parser.add_argument("--mail", action="store_true", help="send the link to that address as well")

    def handle(self, *_args: Any, email: str, mail: bool, **_options: Any) -> None:
        self.stdout.write(invite_tenant(email=email, mail=mail))
