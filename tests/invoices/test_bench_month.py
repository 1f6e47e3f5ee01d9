"""A month made by real workers, one of which is killed: a file for each document, nobody left behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

pytestmark = pytest.mark.stress
ROOT = Path(__file__).parents[2]
DOCUMENTS = 30


def test_a_killed_worker_costs_no_document_its_file() -> None:
    superuser = os.environ["TEST_SUPERUSER_URL"]
    command = ["manage.py", "bench_month", "--documents", str(DOCUMENTS), "--lines", "2", "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "DATABASE_SUPERUSER_URL": superuser},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    printed, told = process.communicate()
    assert process.returncode == 0, told
    figures = json.loads(printed)
    assert {name: figures[name] for name in figures if "second" not in name and "busy" not in name} == {
        "documents": DOCUMENTS,
        "lines": 2,
        "workers": 2,
        "killed": 1,
        "documents_with_one_file": DOCUMENTS,
        "documents_without_file": 0,
        "documents_with_several": 0,
        "mails_sent": DOCUMENTS,
    }
    # As the operator's page tells it: in the middle, and at the end.
    [so_far] = re.findall(r"killing a worker after (\d+) files", told)
    assert DOCUMENTS // 3 <= int(so_far) < DOCUMENTS
    assert f"{DOCUMENTS} of {DOCUMENTS} files, {DOCUMENTS} of {DOCUMENTS} mails" in told
    assert figures["files_per_second"] > 0
    assert_nothing_is_left(process.pid, superuser)


def assert_nothing_is_left(pid: int, superuser: str) -> None:
    """Neither a process that knows the benchmark's database or broker, nor the database."""
    database, folder = f"shimebi_bench_{pid}", f"/bench-{pid}/"
    assert [found.name for found in Path("/proc").glob("[0-9]*") if _knows(found, database, folder)] == []
    with psycopg.connect(superuser) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname = %s", [database])
        assert left.fetchall() == []


def _knows(process: Path, database: str, folder: str) -> bool:
    """Workers have the database in their environment, the broker works in the folder."""
    try:
        environment, place = (process / "environ").read_bytes(), os.readlink(process / "cwd")
    except OSError:
        return False
    return database.encode() in environment or folder in place
