"""Pages are sent compressed; files that people download are compressed already."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED = {
    "text/html",
    "text/plain",
    "text/css",
    "text/csv",
    "text/calendar",
    "text/javascript",
    "application/json",
    "image/svg+xml",
}


class CompressionMiddleware(GZipMiddleware):
    """gzip for text that is ready as a whole.

    Against BREACH, where a page's length gives its secrets away: Django masks the form token anew for each
    page and adds up to 100 random bytes to what it compresses.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or media_type not in COMPRESSED:
            return response
        return super().process_response(request, response)
