"""Whether every stored file is what it was when it was made; `./manage.py verify_archive` asks it.

The database computes each file's SHA-256 anew from its bytes, some hundred files at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from billing_project import clock
from billing_project.tenancy.context import current_tenant_id, tenant_context

AT_ONCE = 200
GRACE = timedelta(hours=24)
"""Files are made after the issue, by workers: a document this young may still be without."""


class Problem(StrEnum):
    CHANGED = "changed"
    SIZE = "size"
    MISSING = "missing"
    INCOMPLETE = "incomplete"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a file: of which archive and document, in which form."""

    archive: str
    document: str
    media_type: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Archive:
    """Stored files and what they belong to: table names, and the forms that each document must have.

    `made_later`: files come after the issue (`issued_at`), so that a young document may have none.
    """

    name: str
    files: str
    owners: str
    owner: str
    forms: tuple[str, ...]
    made_later: str = ""


_archives: list[Archive] = []


def register_archive(archive: Archive) -> None:
    _archives.append(archive)


Progress = Callable[[int, int], None]
"""Told how many files of how many have been looked at."""


def check_archives(tenant_id: int, progress: Progress = lambda _done, _total: None) -> Iterator[Finding]:
    """Everything that is wrong, archive by archive. Opens its own transactions, one for some files each."""
    with tenant_context(tenant_id):
        total = sum(_one(_COUNT, archive) for archive in _archives)
    done = 0
    for archive in _archives:
        last = 0
        while True:
            with tenant_context(tenant_id):
                rows = _ask(_HASHES, archive, after=last, at_once=AT_ONCE)
            if not rows:
                break
            last, done = rows[-1][0], done + len(rows)
            for _id, number, form, size_holds, hash_holds in rows:
                if number is None:
                    yield Finding(archive.name, str(_id), form, Problem.ORPHANED)
                if not hash_holds:
                    yield Finding(archive.name, number or str(_id), form, Problem.CHANGED)
                elif not size_holds:
                    yield Finding(archive.name, number or str(_id), form, Problem.SIZE)
            progress(done, total)
        with tenant_context(tenant_id):
            yield from _missing(archive)


def _missing(archive: Archive) -> Iterator[Finding]:
    """Documents without any file, and those with one form of two."""
    young = clock.now() - GRACE
    for number, form, has_others in _ask(_MISSING, archive, forms=list(archive.forms), young=young):
        yield Finding(archive.name, number, form, Problem.INCOMPLETE if has_others else Problem.MISSING)


_COUNT = "SELECT count(*) FROM {files} WHERE tenant_id = %(tenant)s"

_HASHES = """
SELECT f.id, o.number, f.media_type, f.size = length(f.content),
       f.sha256 = encode(sha256(f.content), 'hex')
FROM {files} f LEFT JOIN {owners} o ON o.tenant_id = f.tenant_id AND o.id = f.{owner}
WHERE f.tenant_id = %(tenant)s AND f.id > %(after)s ORDER BY f.id LIMIT %(at_once)s
"""

_MISSING = """
SELECT o.number, form, EXISTS (
    SELECT FROM {files} f WHERE f.tenant_id = o.tenant_id AND f.{owner} = o.id
)
FROM {owners} o CROSS JOIN unnest(%(forms)s::text[]) AS form
WHERE o.tenant_id = %(tenant)s AND {old_enough} AND NOT EXISTS (
    SELECT FROM {files} f WHERE f.tenant_id = o.tenant_id AND f.{owner} = o.id AND f.media_type = form
)
ORDER BY o.id, form
"""


def _ask(question: str, archive: Archive, **parameters: Any) -> list[tuple[Any, ...]]:
    sql = question.format(
        files=archive.files,
        owners=archive.owners,
        owner=archive.owner,
        old_enough=f"o.{archive.made_later} < %(young)s" if archive.made_later else "true",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tenant": current_tenant_id(), **parameters})
        return list(cursor.fetchall())


def _one(question: str, archive: Archive) -> int:
    return int(_ask(question, archive)[0][0])
