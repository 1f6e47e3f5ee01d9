"""The sandbox in a process of its own, and words for what happens there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from billing_project.embedded.places import CHECKOUT
from payments.gateways.stripe import StripeGateway

KEY = "sk_test_sandbox"
SECRET = "whsec_sandbox"
CREDIT, DEBIT, PREPAID = "4242424242424242", "4000056655665556", "5105105105105100"
DECLINED, NO_FUNDS, ASKS_HOLDER = "4000000000000341", "4000000000009995", "4000002760003184"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


@dataclass(frozen=True)
class SandboxProcess:
    base: str

    def gateway(self, *, timeout: float = 5, **instead: Any) -> StripeGateway:
        """Ours, as the settings would make it."""
        options = {"secret_key": KEY, "webhook_secret": SECRET, "api_base": self.base, "timeout": timeout}
        return StripeGateway(**{**options, **instead})

    def environment(self) -> dict[str, str]:
        """For a process that uses it."""
        return {
            "CARD_GATEWAY": "stripe",
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_API_BASE": self.base,
        }

    def ask(
        self, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, Any]:
        """Status, content and headers of an answer of the API, without the SDK."""
        data = body.encode() if body is not None else None
        request = urllib.request.Request(
            self.base + path, data, {"Authorization": f"Bearer {KEY}", **(headers or {})}
        )
        try:
            with _opener.open(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read() or "null"), answer.headers
        except urllib.error.HTTPError as error:
            content = error.read()
            return error.code, json.loads(content) if content[:1] in (b"{", b"[") else content, error.headers

    def control(self, name: str, **asked: Any) -> Any:
        return self.ask(f"/_control/{name}", json.dumps(asked))[1]

    def requests(self, path: str) -> list[Any]:
        """Those that came to this path, as they came."""
        return [each for each in self.control("requests") if each["path"] == path]

    def click(self, url: str, **fields: str) -> str:
        """Sends a hosted page's form; where the browser is sent next."""
        return str(self.ask(url.removeprefix(self.base), urllib.parse.urlencode(fields))[2]["Location"])

    def page(self, url: str) -> str:
        with _opener.open(url, timeout=10) as answer:
            return str(answer.read().decode())

    def events(self, kind: str = "") -> list[Any]:
        """The events so far, the oldest first."""
        found = reversed(self.ask("/v1/events?limit=1000")[1]["data"])
        return [event for event in found if kind in event["type"]]


@contextmanager
def running(*arguments: str) -> Iterator[SandboxProcess]:
    process = subprocess.Popen(
        [sys.executable, str(CHECKOUT / "manage.py"), "stripe_sandbox", "--port=0", *arguments],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "billing_project.settings",
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": SECRET,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "The sandbox did not start."
        yield SandboxProcess(found[0])
    finally:
        process.terminate()
        process.wait(10)
