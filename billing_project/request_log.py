"""One log line per request, without what must not be in a log."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

_SECRET = re.compile(r"[^/]{40,}")
"""Tokens of document links and invitations; ids are shorter."""


class RequestLogMiddleware(RequestMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path: no query, in which people search for names, and no token."""
        return f"{request.method} {_SECRET.sub('…', request.path)}"
