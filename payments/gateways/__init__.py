"""The card provider: which one is a setting of the installation (`CARD_GATEWAY`), never of a tenant.

`gateway()` gives it; inside `using(…)` another stands in for it, as in playbooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.conf import settings

from payments.gateways.port import Gateway, Misconfigured

_instead: ContextVar[Gateway | None] = ContextVar("card_gateway", default=None)


def gateway() -> Gateway:
    """The provider to ask. Raises Misconfigured when none is set up."""
    return _instead.get() or _configured(settings.CARD_GATEWAY)


@contextmanager
def using(instead: Gateway) -> Iterator[None]:
    """What is called inside asks this one."""
    token = _instead.set(instead)
    try:
        yield
    finally:
        _instead.reset(token)


@cache
def _configured(name: str) -> Gateway:
    known: dict[str, Callable[[], Gateway]] = {"stripe": _stripe, "playing": _playing}
    if name not in known:
        raise Misconfigured("No card provider is set up: CARD_GATEWAY is empty.")
    return known[name]()


def _stripe() -> Gateway:
    from payments.gateways.stripe import StripeGateway

    return StripeGateway.from_settings()


def _playing() -> Gateway:
    from payments.gateways.playing import PlayingGateway

    return PlayingGateway()
