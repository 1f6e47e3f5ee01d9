"""Every page over HTTP, of a real server on the scratch database, one request after the other."""

from __future__ import annotations

import math
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from invoices.benchmark.closing import Say
from playbooks.benchmark.data import BenchShop, make_shop
from playbooks.benchmark.server import Browser, Cost, server
from playbooks.benchmark.walk import Page, find_pages

MEDIAN_MS, P95_MS, QUERIES = 50, 120, 15


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one page: server time in milliseconds, the parts of it of processor and database, queries, bytes."""

    median_ms: float
    p95_ms: float
    cpu_ms: float
    db_ms: float
    queries: int
    bytes: int

    @property
    def misses(self) -> bool:
        return self.median_ms > MEDIAN_MS or self.p95_ms > P95_MS or self.queries > QUERIES


def measure_pages(database: str, *, documents: int, requests: int, only: str, say: Say) -> dict[str, Any]:
    """The figures of each page whose route matches `only`, those that miss the goals, and what is no page.

    Beside each page a fixed piece of work is timed, the yardstick: a machine that is shared may be half as
    fast in one minute as in another.
    """
    shop = make_shop(documents, say)
    pages: dict[str, dict[str, Any]] = {}
    misses: list[str] = []
    yardsticks = [_yardstick_ms()]
    others: dict[str, str] = {}
    with _browsers(database, shop, say) as browsers:
        say(_LINE.format("median", "p95", "cpu", "db", "queries", "bytes", "page"))
        for page, figures in _measured(browsers, shop, re.compile(only), requests, others):
            yardsticks.append(_yardstick_ms())
            pages[page.route] = {"path": page.path, **asdict(figures), "yardstick_ms": yardsticks[-1]}
            misses += [page.route] if figures.misses else []
            say(_LINE.format(*asdict(figures).values(), f"{page.route} {page.path}"))
    return {
        "documents": shop.documents,
        "requests": requests,
        "yardstick_ms": {"least": min(yardsticks), "median": _middle(yardsticks), "most": max(yardsticks)},
        "pages": pages,
        "no_pages": others,
        "misses": misses,
    }


_LINE = "{:>8} {:>8} {:>8} {:>8} {:>8} {:>8}  {}"


@contextmanager
def _browsers(database: str, shop: BenchShop, say: Say) -> Iterator[dict[str, Browser]]:
    with server(database) as port:
        host = f"{shop.tenant.slug}.localhost"
        browsers = {who: Browser(port, host) for who in (*shop.people, "visitor")}
        for who, email in shop.people.items():
            say(f"{email} signed in within {browsers[who].sign_in(email):.0f} ms")
        yield browsers


def _measured(
    browsers: dict[str, Browser],
    shop: BenchShop,
    only: re.Pattern[str],
    requests: int,
    others: dict[str, str],
) -> Iterator[tuple[Page, Figures]]:
    def look(who: str, path: str) -> str:
        status = browsers[who].get(path).status
        return "" if status == "200" else status

    for found in find_pages(shop.shown, look, only):
        if isinstance(found, Page):
            yield found, _figures(browsers[found.who], found.path, requests)
        else:
            others[found[0]] = found[1]


def _figures(browser: Browser, path: str, requests: int) -> Figures:
    costs = [_cost(browser, path) for _ in range(requests + 1)][1:]
    times = sorted(cost.app for cost in costs)
    return Figures(
        median_ms=round(statistics.median(times), 1),
        p95_ms=round(times[math.ceil(len(times) * 0.95) - 1], 1),
        cpu_ms=_middle([cost.cpu for cost in costs]),
        db_ms=_middle([cost.db for cost in costs]),
        queries=max(cost.queries for cost in costs),
        bytes=max(cost.size for cost in costs),
    )


def _yardstick_ms() -> float:
    """What a million additions take of the processor."""
    start = time.process_time()
    for _ in range(10):
        sum(range(100_000))
    return round((time.process_time() - start) * 1000, 1)


def _cost(browser: Browser, path: str) -> Cost:
    answer = browser.get(path)
    if answer.cost is None:
        raise RuntimeError(f"{path} does not tell its cost: {answer.status}.")
    return answer.cost


def _middle(values: Sequence[float]) -> float:
    return round(statistics.median(values), 1)
