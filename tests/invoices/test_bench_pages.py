"""The benchmark of pages runs over HTTP, signed in, and says what each page costs."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_tells_time_and_statements_of_each_page() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "bench_pages", "--documents", "20", "--requests", "2"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_SUPERUSER_URL": os.environ["TEST_SUPERUSER_URL"]},
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    assert figures["documents"] == 20
    assert figures["healthz"]["queries"] == 0
    # Session, user, tenant, member, policy … and the list itself: a page that asked nothing was none.
    assert 5 <= figures["/documents/"]["queries"] <= 15
    assert figures["/documents/"]["median_ms"] > 0
