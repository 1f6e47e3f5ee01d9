"""A database of its own for a benchmark, made by a superuser and dropped afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from billing_project.embedded.places import demo_home
from billing_project.embedded.postgres import Postgres
from billing_project.embedded.roles import grant_rights, in_database, make_database


def superuser_url() -> str | None:
    """How to sign in as a superuser: as named in the environment, or to the embedded server in use."""
    embedded = Postgres(demo_home())
    if connections["default"].get_connection_params().get("host") == str(embedded.home.socket_folder()):
        return embedded.url()
    return os.environ.get("DATABASE_SUPERUSER_URL")


@contextmanager
def scratch_database(superuser: str) -> Iterator[str]:
    """All connections of this process lead to a fresh, migrated database; it is gone at the end.

    Gives the superuser's URL of that database. BENCH_TEMPLATE names an empty, migrated database to copy.
    """
    name = f"shimebi_bench_{os.getpid()}"
    before = {alias: settings.DATABASES[alias]["NAME"] for alias in settings.DATABASES}
    with psycopg.connect(superuser, autocommit=True) as connection:
        _drop(connection, name)
        make_database(connection, name, os.environ.get("BENCH_TEMPLATE", "template1"))
        try:
            grant_rights(superuser, name)
            _use(dict.fromkeys(before, name))
            call_command("migrate", database="owner", verbosity=0)
            yield in_database(superuser, name)
        finally:
            _use(before)
            _drop(connection, name)


def _use(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
