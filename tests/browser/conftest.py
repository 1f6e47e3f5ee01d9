"""The product as a real server process on this test's database, and Chromium in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHECKOUT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Site:
    port: int

    def url(self, slug: str, path: str = "/") -> str:
        return f"http://{slug}.localhost:{self.port}{path}"


@pytest.fixture(scope="package")
def site(database: None) -> Iterator[Site]:
    with serving("billing_project.wsgi", dict(os.environ)) as site:
        yield site


@contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[Site]:
    """A server process with this application, until the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", "--threads=4", application]
    server = subprocess.Popen(command, cwd=CHECKOUT, env={**environment, "PUBLIC_PORT": str(port)})
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", server)
        yield Site(port)
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"There is no Chromium at {CHROMIUM}; name one with CHROMIUM.")
    # Playwright keeps an event loop in this thread; Django would take our own queries for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def desktop(chromium: Browser) -> Iterator[Page]:
    yield from _page(chromium, DESKTOP)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    yield from _page(chromium, PHONE)


@pytest.fixture
def counter(database: None) -> Any:
    from tests.browser.counter import make_counter

    return make_counter()


def _page(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    """A page of its own, in Japanese; what the browser complains of fails the test."""
    context = browser.new_context(viewport=size, locale="ja", accept_downloads=True)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"{error.stack or error}"))
    yield page
    context.close()
    assert complaints == []


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")
