"""Every screen a role can reach: links are followed from its first page, one page for each route."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

LEFT_OUT = re.compile(
    r"/(logout|csv|pdf|xml|jsi18n|export|download|file)(/|$)|/logout/|^/media/|^/static/|\.(csv|pdf|xml|zip|xlsx|ics|txt)$"
)
"""Files, and the way out."""


@dataclass(frozen=True)
class Screen:
    """`route` names the page (`invoices-detail`, `admin-orders_order_change`); `status` is HTTP's."""

    role: str
    route: str
    path: str
    status: int

    @property
    def name(self) -> str:
        return f"{self.role}-{self.route}"


@dataclass
class Walk:
    """From `start`, as whoever is signed in; `most` pages of one route."""

    page: Page
    origin: str
    role: str
    most: int = 1
    seen: dict[str, int] = field(default_factory=dict)

    def screens(self, start: str = "/") -> Iterator[Screen]:
        """Each screen, while it is open in the page."""
        waiting, known = deque([start]), {start}
        while waiting:
            path = waiting.popleft()
            screen = self._visit(path)
            if screen is None:
                continue
            found = self._links()
            yield screen
            for link in found:
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def _visit(self, path: str) -> Screen | None:
        route = route_of(path)
        if route is None or self.seen.get(route, 0) >= self.most:
            return None
        self.seen[route] = self.seen.get(route, 0) + 1
        try:
            answer = self.page.goto(self.origin + path, wait_until="load")
        except Error as error:
            if "Download is starting" in error.message:
                return None
            raise
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return None
        return Screen(self.role, route, path, answer.status)

    def _links(self) -> list[str]:
        """Paths on this host, without what is after a hash; a query counts only where the path is new."""
        addresses = self.page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
        found = []
        for address in addresses:
            parts = urlsplit(urljoin(self.origin, address))
            if f"{parts.scheme}://{parts.netloc}" == self.origin and not LEFT_OUT.search(parts.path):
                found.append(parts.path)
        return found


def route_of(path: str) -> str | None:
    """The name of the route, fit for a file's name; None where the product has no page."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.view_name.replace(":", "-").replace(".", "_") or None


def every_screen(page: Page, origin: str, role: str, starts: list[str]) -> Iterator[Screen]:
    """Each screen while it is open; what two starts lead to comes once."""
    walk = Walk(page, origin, role)
    for start in starts:
        yield from walk.screens(start)
