"""How the operators' admin (django-unfold) is named and coloured."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def tenant_name(request: HttpRequest) -> str:
    """The seller whose admin this is, so that nobody works at the wrong one."""
    tenant = getattr(request, "tenant", None)
    return tenant.name if tenant is not None else "Shimebi"


_INDIGO = {
    "50": "#eef2fa",
    "100": "#dde5f4",
    "200": "#bccbe8",
    "300": "#92a9d6",
    "400": "#6683bf",
    "500": "#4464a8",
    "600": "#2f4d8f",
    "700": "#264076",
    "800": "#20355f",
    "900": "#1b2c4d",
    "950": "#111b31",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Shimebi",
    "SITE_HEADER": tenant_name,
    "SITE_SUBHEADER": "Shimebi 締め日",
    "SITE_SYMBOL": "receipt_long",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("img/logo.svg")},
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": False,
    "DASHBOARD_CALLBACK": "billing_project.backoffice.dashboard.on_dashboard",
    "STYLES": [lambda _request: static("admin-pages/operators.css")],
    "SCRIPTS": [lambda _request: static("build/operators.js")],
    "COLORS": {"primary": _INDIGO},
    "ACCOUNT": {"navigation": [{"title": _("Change password"), "link": "/accounts/password/change/"}]},
    "SIDEBAR": {"show_search": True},
}
