"""How the operators' admin (django-unfold) is named and ordered."""

from typing import Any

UNFOLD: dict[str, Any] = {"SITE_TITLE": "Shimebi", "SITE_HEADER": "Shimebi 締め日"}
