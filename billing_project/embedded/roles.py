"""The three roles of the product in PostgreSQL, and a database in which they have what they need.

The owner migrates. The app is what web, workers and tests are: it owns nothing and row security holds for it.
The operator of the platform reads.
"""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

OWNER = "shimebi_owner"
APP = "shimebi_app"
OPERATOR = "shimebi_operator"
ROLES = (OWNER, APP, OPERATOR)
DATABASE = "shimebi"


class RoleError(RuntimeError):
    """A role exists with rights that the product must not have; the text says which."""


def prepare_cluster(
    superuser_url: str, *, database: str = DATABASE, passwords: Mapping[str, str] | None = None
) -> None:
    """Make the roles and the database, or bring those that are there to the same state.

    `passwords` is by role; a role without one keeps what it has. Raises RoleError.
    """
    make_roles(superuser_url, passwords or {})
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        make_database(connection, database)
    grant_rights(superuser_url, database)


def make_roles(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Make the three roles, or set their passwords. Raises RoleError."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role in ROLES:
            _make_role(connection, role, passwords.get(role, ""))
        connection.execute(
            sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(OPERATOR))
        )


def make_database(connection: psycopg.Connection, database: str, template: str = "template1") -> None:
    """Make a database of the owner if it is not there."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )


def grant_rights(superuser_url: str, database: str) -> None:
    """What the app and the operator may do by default. Tables of tenants narrow it in their migrations."""
    with psycopg.connect(in_database(superuser_url, database), autocommit=True) as connection:
        for statement in _RIGHTS:
            connection.execute(
                sql.SQL(statement).format(
                    database=sql.Identifier(database),
                    owner=sql.Identifier(OWNER),
                    app=sql.Identifier(APP),
                    operator=sql.Identifier(OPERATOR),
                )
            )


_RIGHTS = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    "GRANT CONNECT ON DATABASE {database} TO {operator}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}, {operator}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT ON TABLES TO {operator}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)


def in_database(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database)}"))


def as_role(url: str, role: str) -> str:
    """The same server and database, another role with the same password, if there is one."""
    parts = urlsplit(url)
    password = f":{parts.password}" if parts.password else ""
    return urlunsplit(parts._replace(netloc=f"{role}{password}@{parts.netloc.rpartition('@')[2]}"))


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    attributes = connection.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()
    if attributes is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    elif any(attributes):
        raise RoleError(
            f"The role {role} is a superuser, passes row security or makes roles. Take that away first."
        )
    if password:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
        )
