"""Pages over HTTP: a real server on the scratch database, requests of people who signed in, one by one."""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

from accounts.models import Customer, Tenant, User
from accounts.services import add_member, add_operator
from billing_project.embedded.places import CHECKOUT
from billing_project.embedded.roles import in_database
from billing_project.tenancy.context import tenant_context
from invoices.benchmark.closing import Say, Size, close_months
from invoices.benchmark.data import analyse, make_tenants

MONTHS = 10
START_SECONDS = 60
_DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPERATOR_URL")
_TIMING = re.compile(r'app;dur=([\d.]+), db;desc="(\d+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PASSWORD = "only-for-this-benchmark"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Page:
    """A path of the tenant's host, and who opens it."""

    path: str
    who: str


PANEL = (
    "/",
    "/orders/",
    "/orders/new/",
    "/documents/",
    "/documents/?standing=open",
    "/company/",
    "/members/",
)
ADMIN = (
    "/admin/",
    "/admin/accounts/customer/",
    "/admin/invoices/document/",
    "/admin/invoices/closing/",
    "/admin/payments/payment/",
    "/admin/ledger/entry/",
    "/admin/audit/auditentry/",
)


def measure_pages(database: str, size: Size, requests: int, say: Say) -> dict[str, Any]:
    """Server milliseconds (median, 95th percentile) and statements of each page, beside those of /healthz."""
    [tenant] = make_tenants(1, size.customers)
    close_months([tenant], size, say)
    people = _people(tenant)
    analyse()
    with _server(database) as port:
        browsers = {who: _signed_in(port, tenant, email, say) for who, email in people.items()}
        pages = [Page(path, "member") for path in PANEL] + [Page(path, "operator") for path in ADMIN]
        host = f"{tenant.slug}.localhost"
        figures = {}
        for page in pages:
            say(page.path)
            figures[page.path] = _figures(browsers[page.who], port, host, page.path, requests)
        plain = _figures(browsers["member"], port, host, "/healthz", requests)
    return {"documents": size.customers * size.history, "requests": requests, "healthz": plain, **figures}


def _people(tenant: Tenant) -> dict[str, str]:
    """A member of the first customer and an operator, with their addresses."""
    people = {who: f"{who}@bench.example" for who in ("member", "operator")}
    users = {who: User.objects.create_user(email, _PASSWORD) for who, email in people.items()}
    with tenant_context(tenant):
        add_member(customer=Customer.objects.earliest("pk"), user=users["member"])
        add_operator(user=users["operator"])
    return people


@contextmanager
def _server(database: str) -> Iterator[int]:
    """One gunicorn process on the scratch database; gives its port."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {
        **os.environ,
        **{name: in_database(os.environ[name], database) for name in _DATABASES},
        "SHOW_COST": "1",
        "SHIMEBI_DEMO": "1",
        "BASE_DOMAIN": "localhost",
        "PUBLIC_PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", "--threads=2"]
    command += ["--no-control-socket", "--log-level=warning", "billing_project.wsgi"]
    server = subprocess.Popen(command, cwd=CHECKOUT, env=environment)  # noqa: S603 - ourselves
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")


Browser = urllib.request.OpenerDirector


def _signed_in(port: int, tenant: Tenant, email: str, say: Say) -> Browser:
    """Through the form, as a person does; what that costs is told."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    host, path = f"{tenant.slug}.localhost", "/accounts/login/"
    form = _get(browser, port, host, path)[0]
    token = _TOKEN.search(form)
    fields = {"login": email, "password": _PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
    begun = time.perf_counter()
    _get(browser, port, host, path, urlencode(fields).encode())
    say(f"{email} signed in within {(time.perf_counter() - begun) * 1000:.0f} ms")
    return browser


def _figures(browser: Browser, port: int, host: str, path: str, requests: int) -> dict[str, float]:
    answers = [_get(browser, port, host, path)[1] for _ in range(requests + 3)][3:]
    found = [match for answer in answers if (match := _TIMING.search(answer))]
    times = sorted(float(match[1]) for match in found)
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95) - 1], 1),
        "queries": max(int(match[2]) for match in found),
    }


def _get(browser: Browser, port: int, host: str, path: str, data: bytes | None = None) -> tuple[str, str]:
    """The page and its cost. RuntimeError for a page that is not what was asked for."""
    # The name of the host need not be known to this machine.
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Host": f"{host}:{port}"})
    with browser.open(request, timeout=60) as answer:
        if data is None and not answer.url.endswith(path):
            raise RuntimeError(f"{path} led to {answer.url}.")
        return answer.read().decode(), answer.headers.get("Server-Timing", "")


def sizes(documents: int) -> Size:
    """So many documents as `MONTHS` months of equal size."""
    return Size(tenants=1, customers=max(1, documents // MONTHS), charges=2, history=MONTHS)
