"""A simple brake for pages that anybody may open."""

from __future__ import annotations

from django.core.cache import cache


def too_many(key: str, *, most: int, seconds: int) -> bool:
    """Counts this call; whether there were more than `most` of the key since the first, `seconds` long."""
    name = f"throttle:{key}"
    cache.add(name, 0, seconds)
    try:
        return int(cache.incr(name)) > most
    except ValueError:  # it ended between the two lines
        return False
