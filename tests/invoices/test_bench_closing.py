"""The benchmark runs, says what it measured, and leaves nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]
SIZE = {"tenants": 2, "customers": 5, "charges": 3, "history": 2}
FIGURES = {
    "documents_per_second_1",
    "documents_per_second_2",
    "copy_documents_per_second",
    "ratio_to_copy",
    "history_ratio",
}


def test_it_prints_its_figures_and_drops_its_database() -> None:
    superuser = os.environ["TEST_SUPERUSER_URL"]
    flags = [text for name, value in SIZE.items() for text in (f"--{name}", str(value))]
    done = subprocess.run(
        [sys.executable, "manage.py", "bench_closing", *flags],
        cwd=ROOT,
        env={**os.environ, "DATABASE_SUPERUSER_URL": superuser},
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    assert figures.keys() == SIZE.keys() | FIGURES
    assert all(figures[name] > 0 for name in FIGURES)
    with psycopg.connect(superuser) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'shimebi_bench%'")
        assert left.fetchall() == []
