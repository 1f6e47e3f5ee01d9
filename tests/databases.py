"""Servers and databases of the tests.

Nothing rolls back and nothing is emptied: a test commits for real, in a tenant of its own. Each process of
a test run has a slot: its own database, cloned from a migrated template, and its own Valkey database.
The template is kept until a migration changes. `TEST_SUPERUSER_URL` and `TEST_REDIS_URL` name servers to use
instead of the embedded ones; the first process of a run exports them to the others.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

from billing_project.embedded import Servers, test_home
from billing_project.embedded.leases import claim_slot, exclusive
from billing_project.embedded.places import CHECKOUT
from billing_project.embedded.roles import (
    APP,
    OPERATOR,
    OWNER,
    ROLES,
    as_role,
    grant_rights,
    in_database,
    make_database,
    make_roles,
)

SLOTS = 100
UNFINISHED = "template_unfinished"
HASHED = ("*/migrations/*.py", "*/*/migrations/*.py", "billing_project/tenancy/*.py", "requirements.lock")


class Slot:
    """The databases of this process."""

    def __init__(self) -> None:
        self.home = test_home()
        self.superuser_url, self.redis_url = _servers(self.home.path)
        # The descriptor is never closed: the slot is ours until the process ends.
        self.number, self._descriptor = claim_slot(self.home.folder("slots"), SLOTS)
        self.database = f"test_slot{self.number}"

    def environment(self) -> dict[str, str]:
        """What the settings read."""
        return {
            **database_urls(self.superuser_url, self.database),
            "REDIS_URL": urlunsplit(urlsplit(self.redis_url)._replace(path=f"/{self.number}")),
            "CARD_GATEWAY": "playing",
        }

    def make(self) -> None:
        """A fresh database of this slot, with all tables and no rows; an empty Valkey."""
        with exclusive(self.home.lock("template")):
            template = os.environ["BENCH_TEMPLATE"] = self._template()
            with psycopg.connect(self.superuser_url, autocommit=True) as connection:
                _drop(connection, self.database)
                make_database(connection, self.database, template)
        with redis.Redis.from_url(self.environment()["REDIS_URL"]) as valkey:
            valkey.flushdb()

    def _template(self) -> str:
        name = f"template_{_hash_of_migrations()}"
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            old = [row[0] for row in connection.execute(_TEMPLATES)]
            if name not in old:
                print("Migrating an empty database for the tests", file=sys.stderr, flush=True)
                make_roles(self.superuser_url, self._passwords())
                for each in old:
                    _drop(connection, each)
                make_database(connection, UNFINISHED)
                self._migrate()
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(UNFINISHED), sql.Identifier(name)
                    )
                )
        return name

    def _passwords(self) -> dict[str, str]:
        """On a server that asks for passwords, the roles of the tests have the superuser's."""
        return dict.fromkeys(ROLES, unquote(urlsplit(self.superuser_url).password or ""))

    def _migrate(self) -> None:
        grant_rights(self.superuser_url, UNFINISHED)
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--database=owner", "--verbosity=0", "--skip-checks"],
            cwd=CHECKOUT,
            env={**os.environ, **self.environment(), **database_urls(self.superuser_url, UNFINISHED)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"The migrations fail:\n{done.stdout}")


_TEMPLATES = r"SELECT datname FROM pg_database WHERE datname LIKE 'template\_%'"


def database_urls(superuser_url: str, database: str) -> dict[str, str]:
    """The three roles' URLs of a database, as the settings read them."""
    roles = {"DATABASE_URL": APP, "DATABASE_OWNER_URL": OWNER, "DATABASE_OPERATOR_URL": OPERATOR}
    return {name: in_database(as_role(superuser_url, role), database) for name, role in roles.items()}


def _servers(home: Path) -> tuple[str, str]:
    """URLs of the servers that are named, or of the embedded ones, which then end with this process."""
    if not {"TEST_SUPERUSER_URL", "TEST_REDIS_URL"} <= os.environ.keys():
        servers = Servers(test_home())
        servers.release_at_exit()
        servers.start()
        os.environ["TEST_SUPERUSER_URL"] = servers.postgres.url()
        os.environ["TEST_REDIS_URL"] = servers.valkey.url()
    elif not home.exists():
        home.mkdir(parents=True)
    return os.environ["TEST_SUPERUSER_URL"], os.environ["TEST_REDIS_URL"]


def _hash_of_migrations() -> str:
    digest = hashlib.sha256()
    for pattern in HASHED:
        for path in sorted(CHECKOUT.glob(pattern)):
            if not path.relative_to(CHECKOUT).parts[0].startswith((".", "node_modules")):
                digest.update(f"{path.relative_to(CHECKOUT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _drop(connection: psycopg.Connection, database: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


if __name__ == "__main__":
    # Beforehand, where its words can be read: pytest hides them.
    Slot().make()
