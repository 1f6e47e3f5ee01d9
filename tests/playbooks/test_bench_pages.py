"""The benchmark of pages runs over HTTP, signed in, and says what each page costs."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ONLY = "^(invoices:list|admin:orders_order_)"


def test_it_tells_time_and_statements_of_each_page() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "bench_pages", "--documents=20", "--requests=2", f"--only={ONLY}"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_SUPERUSER_URL": os.environ["TEST_SUPERUSER_URL"]},
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    pages = figures["pages"]
    assert figures["documents"] >= 80
    assert 0 < figures["yardstick_ms"]["least"] <= figures["yardstick_ms"]["most"]
    # Session, user, tenant, member, policy … and the list itself: a page that asked nothing was none.
    assert 5 <= pages["invoices:list"]["queries"] <= 15
    assert pages["invoices:list"]["median_ms"] > pages["invoices:list"]["cpu_ms"] / 2 > 0
    assert {"invoices:list?", "admin:orders_order_changelist", "admin:orders_order_deliver"} <= set(pages)
    assert figures["no_pages"]["admin:orders_order_history"] == "302"
    assert not [route for route in pages if route.startswith("accounts:")]
