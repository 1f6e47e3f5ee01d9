from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.policy import PRESETS
from accounts.services import create_tenant
from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.errors import Refusal


class Command(BaseCommand):
    help = "Makes a tenant from a preset; its jobs begin on --since (default: today in its time zone)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the first part of its address, such as alpha")
        parser.add_argument("--preset", default="certificate-shop", choices=sorted(PRESETS))
        parser.add_argument("--name", required=True)
        parser.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="for example 2026-10-01")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_as(Actor(ActorKind.COMMAND, "create_tenant")):
                tenant = create_tenant(
                    slug=options["slug"],
                    name=options["name"],
                    preset=options["preset"],
                    since=options["since"],
                )
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.code})") from refusal
        message = _("Tenant %(slug)s (%(name)s) made; its jobs begin on %(since)s.")
        self.stdout.write(message % {"slug": tenant.slug, "name": tenant.name, "since": tenant.since})
