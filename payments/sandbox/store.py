"""What the sandbox knows, in memory and, where a file is named, kept there between starts."""

from __future__ import annotations

import json
import secrets
import threading
from pathlib import Path
from typing import Any

from payments.sandbox.objects import Thing

KEPT = ("things", "answers", "cards", "serial")
REQUESTS_KEPT = 500


class Store:
    """`turn` is held for the whole of each request, so requests come one after the other."""

    def __init__(self, file: Path | None = None) -> None:
        self.turn = threading.RLock()
        self.things: dict[str, Thing] = {}
        self.answers: dict[str, Thing] = {}
        self.cards: dict[str, str] = {}
        self.requests: list[Thing] = []
        self.faults: list[Thing] = []
        self.withheld: list[str] = []
        self.serial = 0
        self._mark = secrets.token_hex(4)
        self._file = file
        if file and file.exists():
            for name, value in json.loads(file.read_text()).items():
                setattr(self, name, value)

    def new_id(self, prefix: str) -> str:
        """As Stripe's: what it is, then what nobody guesses."""
        self.serial += 1
        return f"{prefix}_{self._mark}{self.serial:06}{secrets.token_hex(6)}"

    def add(self, thing: Thing) -> Thing:
        self.things[thing["id"]] = thing
        return thing

    def all(self, kind: str) -> list[Thing]:
        """The newest first, as Stripe lists them."""
        return [thing for thing in reversed(self.things.values()) if thing["object"] == kind]

    def note_request(self, request: Thing) -> None:
        self.requests.append(request)
        del self.requests[:-REQUESTS_KEPT]

    def fault_of(self, method: str, path: str) -> str:
        """What shall go wrong with this request: cut off `before` or `after` it is done, held up after it
        (`hold`), answered with an `error`, or nothing."""
        for fault in self.faults:
            if fault["times"] > 0 and fault["method"] == method and path.startswith(fault["path"]):
                fault["times"] -= 1
                return str(fault["kind"])
        return ""

    def keep(self) -> None:
        if self._file is None:
            return
        content: dict[str, Any] = {name: getattr(self, name) for name in KEPT}
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(content, ensure_ascii=False))
        beside.replace(self._file)
