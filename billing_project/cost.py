"""What a page costs, told in the `Server-Timing` header of every answer; for measuring."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.http import HttpRequest, HttpResponse

_NO_QUERIES = ("SAVEPOINT", "RELEASE", "SET LOCAL")


class CostMiddleware:
    """For this request in milliseconds: `app` the server, `cpu` its processor, `db` the database.

    `db;desc=` is the number of queries. What opens a savepoint or tells the database the tenant is none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.SHOW_COST:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = _Asked()
        with ExitStack() as counting:
            for connection in connections.all():
                counting.enter_context(connection.execute_wrapper(asked.count))
            begun, worked = time.perf_counter(), time.thread_time()
            response = self.get_response(request)
            app, cpu = _since(begun, time.perf_counter()), _since(worked, time.thread_time())
        database = f'db;dur={asked.seconds * 1000:.2f};desc="{asked.queries}"'
        response["Server-Timing"] = f"app;dur={app:.2f}, cpu;dur={cpu:.2f}, {database}"
        return response


class _Asked:
    """How often the database was asked, and how long it took."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def count(self, execute: Callable[..., Any], sql: Any, *others: Any) -> Any:
        self.queries += not str(sql).startswith(_NO_QUERIES)
        begun = time.perf_counter()
        try:
            return execute(sql, *others)
        finally:
            self.seconds += time.perf_counter() - begun


def _since(begun: float, ended: float) -> float:
    return (ended - begun) * 1000
