"""The cache when its server is away: as if nothing had been kept. No page needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import RedisError

log = structlog.get_logger(__name__)


def _away(answer: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What a method answers when the server does not."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def tried(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except RedisError as failure:
                log.warning("cache_unreachable", error=str(failure))
                return answer

        return tried

    return decorate


class _Client(RedisCacheClient):
    """`add` and `incr` fail: a sign-in code that cannot be marked as used is refused, not taken twice."""

    add = _away(False)(RedisCacheClient.add)
    set = _away(None)(RedisCacheClient.set)
    touch = _away(False)(RedisCacheClient.touch)
    delete = _away(False)(RedisCacheClient.delete)
    has_key = _away(False)(RedisCacheClient.has_key)
    get_many = _away({})(RedisCacheClient.get_many)
    set_many = _away(None)(RedisCacheClient.set_many)
    delete_many = _away(None)(RedisCacheClient.delete_many)
    clear = _away(False)(RedisCacheClient.clear)

    def get(self, key: Any, default: Any) -> Any:
        return _away(default)(super().get)(key, default)

    def incr(self, key: Any, delta: int) -> Any:
        try:
            return super().incr(key, delta)
        except RedisError as failure:
            raise ValueError(f"The cache is away: {failure}") from failure  # as for a key it does not have


class Cache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
