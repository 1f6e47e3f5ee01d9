"""A real server on the scratch database, and browsers of people who signed in."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from billing_project.embedded.places import CHECKOUT
from billing_project.embedded.roles import in_database

START_SECONDS = 60
PASSWORD = "only-for-this-benchmark"  # noqa: S105
_DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPERATOR_URL")
_TIMING = re.compile(r'app;dur=([\d.]+), cpu;dur=([\d.]+), db;dur=([\d.]+);desc="(\d+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@contextmanager
def server(database: str) -> Iterator[int]:
    """One gunicorn process on the scratch database; gives its port."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {
        **os.environ,
        **{name: in_database(os.environ[name], database) for name in _DATABASES},
        "SHOW_COST": "1",
        "SHIMEBI_DEMO": "1",
        "CARD_GATEWAY": "playing",
        "BASE_DOMAIN": "localhost",
        "PUBLIC_PORT": str(port),
        "LOG_LEVEL": "CRITICAL",
    }
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", "--threads=2"]
    command += ["--no-control-socket", "--log-level=warning", "billing_project.wsgi"]
    running = subprocess.Popen(command, cwd=CHECKOUT, env=environment)  # noqa: S603 - ourselves
    try:
        _wait_for(port, running)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=20)


def _wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and running.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one answer: milliseconds in all, of the processor and of the database; queries; bytes."""

    app: float
    cpu: float
    db: float
    queries: int
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 200 is HTML that was not led elsewhere; else it says what came."""

    status: str
    body: bytes
    cost: Cost | None


class _StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_options: object) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _StaysHere)


@dataclass(frozen=True, slots=True)
class Browser:
    """Follows no redirect, and keeps cookies."""

    port: int
    host: str
    opener: urllib.request.OpenerDirector = field(default_factory=_opener)

    def get(self, path: str, data: bytes | None = None) -> Answer:
        # The name of the host need not be known to this machine.
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Host": f"{self.host}:{self.port}"}
        )
        try:
            with self.opener.open(request, timeout=60) as answer:
                return _read(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return _read(answer)

    def sign_in(self, email: str) -> float:
        """Through the form, as a person does; gives the milliseconds. RuntimeError when it does not open."""
        path = "/accounts/login/"
        token = _TOKEN.search(self.get(path).body.decode())
        fields = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
        begun = time.perf_counter()
        answer = self.get(path, urlencode(fields).encode())
        if answer.status != "302":
            raise RuntimeError(f"{email} was not let in: {answer.status}.")
        return (time.perf_counter() - begun) * 1000


def _read(answer: object) -> Answer:
    body = answer.read()  # type: ignore[attr-defined]
    headers, status = answer.headers, str(answer.status)  # type: ignore[attr-defined]
    if status == "200" and not headers.get("Content-Type", "").startswith("text/html"):
        status = headers.get("Content-Type", "")
    found = _TIMING.search(headers.get("Server-Timing", ""))
    cost = None
    if found:
        cost = Cost(float(found[1]), float(found[2]), float(found[3]), int(found[4]), len(body))
    return Answer(status, body, cost)
