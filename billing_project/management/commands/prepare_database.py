"""Make the three roles and the database on a PostgreSQL server that is named."""

import os
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_project.embedded.roles import APP, OPERATOR, OWNER, RoleError, prepare_cluster

ROLES = {"owner": OWNER, "default": APP, "operator": OPERATOR}


class Command(BaseCommand):
    help = (
        "Makes the roles shimebi_owner, shimebi_app and shimebi_operator with the passwords of "
        "DATABASE_OWNER_URL, DATABASE_URL and DATABASE_OPERATOR_URL, and the database they name. "
        "May be run again at any time. Then: manage.py migrate --database=owner"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--superuser-url",
            default=os.environ.get("DATABASE_SUPERUSER_URL"),
            help="how to sign in as a superuser; or in DATABASE_SUPERUSER_URL",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["superuser_url"]:
            raise CommandError("Give --superuser-url, or set DATABASE_SUPERUSER_URL.")
        database, passwords = wanted()
        try:
            prepare_cluster(options["superuser_url"], database=database, passwords=passwords)
        except (RoleError, psycopg.Error) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The database {database} and its roles {', '.join(ROLES.values())} are ready.")


def wanted() -> tuple[str, dict[str, str]]:
    """The database's name and the password of each role, as the settings have them."""
    for alias, role in ROLES.items():
        if settings.DATABASES[alias]["USER"] != role:
            raise CommandError(f"The database '{alias}' must be reached as the role {role}.")
    names = {settings.DATABASES[alias]["NAME"] for alias in ROLES}
    if len(names) != 1:
        raise CommandError(
            "DATABASE_URL, DATABASE_OWNER_URL and DATABASE_OPERATOR_URL name different databases."
        )
    return names.pop(), {role: settings.DATABASES[alias]["PASSWORD"] for alias, role in ROLES.items()}
