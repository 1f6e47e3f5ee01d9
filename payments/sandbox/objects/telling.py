"""The messages that tell of the others."""

from __future__ import annotations

from payments.sandbox.objects.shape import Thing, now

API_VERSION = "2026-10-28.endive"


def event(thing_id: str, *, kind: str, about: Thing, key: str | None) -> Thing:
    return {
        "id": thing_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": f"req_{thing_id}", "idempotency_key": key},
        "type": kind,
    }
