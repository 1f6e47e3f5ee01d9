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
    """`app;dur=` milliseconds of the server for this request, `db;desc=` its number of queries.

    What opens a savepoint or tells the database the tenant is no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.SHOW_COST:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        queries = 0

        def count(execute: Callable[..., Any], sql: Any, *others: Any) -> Any:
            nonlocal queries
            queries += not str(sql).startswith(_NO_QUERIES)
            return execute(sql, *others)

        with ExitStack() as counting:
            for connection in connections.all():
                counting.enter_context(connection.execute_wrapper(count))
            begun = time.perf_counter()
            response = self.get_response(request)
            milliseconds = (time.perf_counter() - begun) * 1000
        response["Server-Timing"] = f'app;dur={milliseconds:.2f}, db;desc="{queries}"'
        return response
