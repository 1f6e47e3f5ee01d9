"""The tenant's logo and colour as files; a version never changes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.models import Branding

_STYLE = """:root, [data-theme="light"] {{ --color-primary: {colour}; }}
@media (prefers-color-scheme: dark) {{
  :root:not([data-theme="light"]) {{ --color-primary: oklch(from {colour} 78% min(c, 0.09) h); }}
}}
[data-theme="dark"] {{ --color-primary: oklch(from {colour} 78% min(c, 0.09) h); }}
"""


@require_GET
def style(_request: HttpRequest, version: int) -> HttpResponse:
    colour = _version(version).colour
    if not colour:
        raise Http404
    return _kept(_STYLE.format(colour=colour).encode(), "text/css; charset=utf-8")


@require_GET
def logo(_request: HttpRequest, version: int) -> HttpResponse:
    picture = _version(version).logo
    if not picture:
        raise Http404
    return _kept(bytes(picture), "image/png")


def _version(version: int) -> Branding:
    found: Branding | None = Branding.objects.filter(pk=version).first()
    if found is None:
        raise Http404
    return found


def _kept(content: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
