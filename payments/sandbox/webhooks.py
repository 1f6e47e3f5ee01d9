"""Events on their way to the product: signed as Stripe signs them, tried again until they are taken."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import http.client
import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from payments.sandbox import objects
from payments.sandbox.objects import Thing
from payments.sandbox.store import Store

PAUSES = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600)
TIMEOUT_SECONDS = 10


class Webhooks:
    """`urls` may say {tenant}: the tenant that the thing's metadata name."""

    def __init__(self, store: Store, *, urls: Sequence[str], secret: str) -> None:
        self._store, self._urls, self._secret = store, urls, secret
        self._waiting: list[tuple[float, int, int, str, bytes]] = []
        self._serial = count()
        self._news = threading.Condition()

    def start(self) -> None:
        threading.Thread(target=self._work, daemon=True).start()

    def tell(self, kind: str, about: Thing) -> None:
        """Writes an event down and has it sent; what is told is the thing as it stands now. A withheld kind
        waits to be asked for again.
        """
        snapshot = json.loads(json.dumps(about))
        event = self._store.add(objects.event(self._store.new_id("evt"), kind=kind, about=snapshot, key=None))
        if kind not in self._store.withheld:
            self.send(event)

    def send(self, event: Thing) -> None:
        body = json.dumps(event, ensure_ascii=False).encode()
        for url in self._addresses(event["data"]["object"]):
            self._wait(0, 0, url, body)

    def _addresses(self, about: Thing) -> list[str]:
        tenant = self._tenant(about)
        return [url.replace("{tenant}", tenant) for url in self._urls if tenant or "{tenant}" not in url]

    def _tenant(self, about: Thing) -> str:
        """A dispute bears no metadata: its charge does."""
        origin = self._store.things.get(about.get("payment_intent") or "", {})
        return str((about.get("metadata") or origin.get("metadata") or {}).get("tenant", ""))

    def _wait(self, seconds: float, tried: int, url: str, body: bytes) -> None:
        with self._news:
            heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._serial), tried, url, body))
            self._news.notify()

    def _work(self) -> None:
        while True:
            _at, _serial, tried, url, body = self._next()
            if not self._deliver(url, body) and tried < len(PAUSES):
                self._wait(PAUSES[tried], tried + 1, url, body)

    def _next(self) -> tuple[float, int, int, str, bytes]:
        with self._news:
            while True:
                if not self._waiting:
                    self._news.wait()
                elif (pause := self._waiting[0][0] - time.monotonic()) > 0:
                    self._news.wait(pause)
                else:
                    return heapq.heappop(self._waiting)

    def _deliver(self, url: str, body: bytes) -> bool:
        headers = {"Content-Type": "application/json", "Stripe-Signature": sign(body, self._secret)}
        try:
            return post(url, body, headers) // 100 == 2
        except OSError as error:
            sys.stderr.write(f"webhook {url}: {error}\n")
            return False


def sign(body: bytes, secret: str, at: int | None = None) -> str:
    """The header Stripe-Signature."""
    moment = objects.now() if at is None else at
    digest = hmac.new(secret.encode(), b"%d.%s" % (moment, body), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def post(url: str, body: bytes, headers: Mapping[str, Any]) -> int:
    """The status of the answer. Names below localhost are this machine, whatever its resolver says."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    local = host == "localhost" or host.endswith(".localhost")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind("127.0.0.1" if local else host, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path, body, {**headers, "Host": parts.netloc})
        return connection.getresponse().status
    finally:
        connection.close()
