"""The yardstick: the same rows, written by COPY BINARY into equal tables with the same keys.

Equal: columns, defaults, checks, indexes, unique and foreign keys. Left out is what COPY cannot have, row
security, and what it has no use for: the triggers that guard against changes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg
from psycopg import sql

TABLES = (
    "invoices_document",
    "invoices_documentline",
    "invoices_documenttax",
    "ledger_entry",
    "ledger_line",
    "ledger_customerbalance",
    "invoices_openitem",
    "outbox_mail",
)
SUFFIX = "_copy"

_REFERENCES = """
SELECT conname, pg_get_constraintdef(oid), confrelid::regclass::text FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'f'
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the closings of one tenant wrote, as COPY reads and writes it."""

    by_table: dict[str, bytes]


def make_copies(superuser: str) -> None:
    """An equal table for each, with its references: to the copy where there is one."""
    with psycopg.connect(superuser) as connection:
        for table in TABLES:
            connection.execute(
                sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(_copy(table), sql.Identifier(table))
            )
        for table in TABLES:
            for name, definition, target in connection.execute(_REFERENCES, [table]).fetchall():
                if target in TABLES:
                    definition = definition.replace(f"REFERENCES {target}(", f"REFERENCES {target}{SUFFIX}(")
                connection.execute(
                    sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                        _copy(table), sql.Identifier(name), sql.SQL(definition)
                    )
                )


def rows_of(superuser: str, tenant_id: int) -> Rows:
    """All rows of the tenant in these tables, in the order in which they were written."""
    with psycopg.connect(superuser) as connection:
        return Rows({table: _read(connection, table, tenant_id) for table in TABLES})


def write(connection: psycopg.Connection, rows: Rows) -> float:
    """The seconds that COPY takes for them, in one transaction."""
    started = time.perf_counter()
    with connection.transaction(), connection.cursor() as cursor:
        for table, content in rows.by_table.items():
            with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(_copy(table))) as copy:
                copy.write(content)
    return time.perf_counter() - started


def _read(connection: psycopg.Connection, table: str, tenant_id: int) -> bytes:
    query = sql.SQL("COPY (SELECT * FROM {} WHERE tenant_id = {} ORDER BY id) TO STDOUT (FORMAT BINARY)")
    with connection.cursor().copy(query.format(sql.Identifier(table), sql.Literal(tenant_id))) as copy:
        return b"".join(bytes(block) for block in copy)


def _copy(table: str) -> sql.Identifier:
    return sql.Identifier(f"{table}{SUFFIX}")
