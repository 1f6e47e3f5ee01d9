"""What all of Stripe's objects have."""

from __future__ import annotations

from typing import Any

from billing_project import clock

Thing = dict[str, Any]


def now() -> int:
    """As Stripe counts: seconds since 1970."""
    return int(clock.now().timestamp())


def nulls(names: str) -> Thing:
    return dict.fromkeys(names.split())


def base(kind: str, thing_id: str, **fields: Any) -> Thing:
    return {
        "id": thing_id,
        "object": kind,
        "created": now(),
        "livemode": False,
        "metadata": {},
        **fields,
    }


def no_address() -> Thing:
    return nulls("city country line1 line2 postal_code state")
