"""The sandbox's server: API, hosted pages, and a control panel for tests."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from payments.sandbox import pages
from payments.sandbox.api import Api, card_of
from payments.sandbox.errors import ApiError, invalid
from payments.sandbox.forms import read_form
from payments.sandbox.objects import Thing
from payments.sandbox.store import Store
from payments.sandbox.webhooks import Webhooks

HELD_SECONDS = 20


class Sandbox:
    """All of it on one port; `serve` blocks. A key of idempotency is remembered with what was asked."""

    def __init__(
        self,
        *,
        port: int,
        key: str,
        webhook_secret: str,
        webhook_urls: Sequence[str] = (),
        file: Path | None = None,
    ) -> None:
        handler = type("Handler", (_Handler,), {"sandbox": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.base = f"http://localhost:{self.server.server_port}"
        self.key = key
        self.store = Store(file)
        self.webhooks = Webhooks(self.store, urls=webhook_urls, secret=webhook_secret)
        self.api = Api(self.store, base=self.base, tell=self.webhooks.tell)

    def serve(self) -> None:
        self.webhooks.start()
        self.server.serve_forever()

    def ask(self, method: str, path: str, text: str, headers: Any) -> tuple[int, Thing, bool]:
        """Status and body of an answer, and whether it is one given before."""
        try:
            if headers.get("Authorization") != f"Bearer {self.key}":
                raise ApiError(401, "invalid_request_error", "Invalid API Key provided.")
            return self._once(method, path, text, headers.get("Idempotency-Key") or "")
        except ApiError as error:
            return error.status, error.body, False

    def _once(self, method: str, path: str, text: str, key: str) -> tuple[int, Thing, bool]:
        asked = read_form(text)
        if method != "POST" or not key:
            return 200, self.api.answer(method, path, asked), False
        print_of = hashlib.sha256(f"{path}\n{json.dumps(asked, sort_keys=True)}".encode()).hexdigest()
        if known := self.store.answers.get(key):
            if known["print"] != print_of:
                raise ApiError(400, "idempotency_error", _OTHER_BODY % key)
            return known["status"], known["body"], True
        status, body = self._executed(method, path, asked)
        self.store.answers[key] = {
            "print": print_of,
            "status": status,
            "body": json.loads(json.dumps(body)),
        }
        return status, body, False

    def _executed(self, method: str, path: str, asked: Thing) -> tuple[int, Thing]:
        try:
            return 200, self.api.answer(method, path, asked)
        except ApiError as error:
            if not error.executed:
                raise
            return error.status, error.body

    def control(self, path: str, asked: Thing) -> Any:
        """For tests and demonstrations: what card companies do, and what goes wrong on the way."""
        if path == "/_control/requests":
            return self.store.requests
        if path == "/_control/faults":
            self.store.faults.append({"method": "POST", "times": 1, **asked})
            return self.store.faults
        if path == "/_control/disputes":
            return self.api.open_dispute(asked["payment_intent"], asked.get("amount"))
        if path == "/_control/closed_disputes":
            return self.api.close_dispute(asked["dispute"], won=asked["won"])
        if path == "/_control/refunds":
            return self.api.refund_by_hand(asked["payment_intent"], asked["amount"])
        if path == "/_control/withheld":
            self.store.withheld = list(asked["kinds"])
            return self.store.withheld
        if path == "/_control/failed_refunds":
            return self.api.fail_refund(asked["refund"])
        if path == "/_control/resend":
            self.webhooks.send(self.api.find("events", asked["event"]))
            return {}
        raise invalid(f"No such control: {path}", status=404)


_OTHER_BODY = (
    "Keys for idempotent requests can only be used with the same parameters they were first used with."
    " Try using a key other than '%s' if you meant to execute a different request."
)


class _Handler(BaseHTTPRequestHandler):
    sandbox: ClassVar[Sandbox]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def log_message(self, _format: str, *_args: Any) -> None:
        """The product's own log says what was asked."""

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if parts.path.startswith("/v1/"):
            return self._api(parts.path, body if self.command == "POST" else parts.query)
        with self.sandbox.store.turn:
            if parts.path.startswith("/_control/"):
                self._control(parts.path, json.loads(body) if body else {})
            else:
                self._page(parts.path, read_form(body))
            self.sandbox.store.keep()

    def _api(self, path: str, text: str) -> None:
        store = self.sandbox.store
        with store.turn:
            store.note_request(
                {"method": self.command, "path": path, "body": text, "headers": dict(self.headers)}
            )
            fault = store.fault_of(self.command, path)
            if fault == "before":
                return self._hang_up()
            if fault == "error":
                return self._json(500, {"error": {"type": "api_error", "message": "Something went wrong."}})
            status, answer, replayed = self.sandbox.ask(self.command, path, text, self.headers)
            store.keep()
        if fault == "hold":
            time.sleep(HELD_SECONDS)
        if fault in ("after", "hold"):
            return self._hang_up()
        return self._json(status, answer, {"Idempotent-Replayed": "true"} if replayed else {})

    def _control(self, path: str, asked: Thing) -> None:
        try:
            self._json(200, self.sandbox.control(path, asked))
        except ApiError as error:
            self._json(error.status, error.body)

    def _page(self, path: str, asked: Thing) -> None:
        what, _slash, thing_id = path.strip("/").partition("/")
        thing = self.sandbox.store.things.get(thing_id)
        if what == "pay" and thing and thing.get("status") == "open":
            self._card_page(thing, asked)
        elif what == "3ds" and thing and thing.get("status") == "requires_action":
            self._confirm_page(thing, asked)
        else:
            self._html(410 if thing else 404, pages.over_page())

    def _card_page(self, session: Thing, asked: Thing) -> None:
        card = card_of(asked.get("card", "")) if self.command == "POST" else None
        if card is None:
            return self._html(200, pages.card_page(session))
        self.sandbox.api.enter_card(session, card)
        return self._redirect(session["success_url"])

    def _confirm_page(self, intent: Thing, asked: Thing) -> None:
        if self.command != "POST":
            method = self.sandbox.store.things[intent["payment_method"]]
            return self._html(200, pages.confirm_page(intent, method["card"]["last4"]))
        agrees = asked.get("answer") == "yes"
        return self._redirect(self.sandbox.api.charging.holder_answers(intent, agrees=agrees))

    def _json(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self._send(status, body, {"Content-Type": "application/json", **(headers or {})})

    def _html(self, status: int, text: str) -> None:
        self._send(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def _redirect(self, url: str) -> None:
        self._send(303, b"", {"Location": url})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.send_header("Request-Id", f"req_sandbox{id(body):x}")
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        """The line is cut: whoever asked never learns what became of it."""
        sys.stderr.write("sandbox: an answer was dropped\n")
        self.close_connection = True
        self.connection.close()
