"""Writes a letter from the templates of its kind, in the reader's language.

`templates/mail/<language>/<kind>.txt` holds the subject, which its base puts on the first line after the
【service】, then the text; `<kind>.html` holds the same for mail clients.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from billing_project.outbox.builders import Letter
from billing_project.tenancy.lookup import current_tenant

LANGUAGES = ("ja", "en")


def write_letter(kind: str, *, recipient: str, language: str, **context: Any) -> Letter:
    """The letter of this kind to one mail address, inside the tenant's context.

    Templates see `context`, `issuer` (the seller), `site` (address of the control panel) and `language`; the
    greeting takes `company` and `name`, or an `addressee`. Moments are shown in the tenant's zone. A language
    we do not write in gets Japanese.
    """
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    tenant = current_tenant()
    content = {
        **context,
        "issuer": apps.get_model("accounts", "Issuer").objects.get(),
        "site": site_url(),
        "language": spoken,
    }
    with translation.override(spoken), timezone.override(tenant.zone):
        whole = render_to_string(f"mail/{spoken}/{kind}.txt", content)
        html = render_to_string(f"mail/{spoken}/{kind}.html", content)
    subject, text = whole.split("\n", 1)
    return Letter(recipient=recipient, subject=subject.strip(), text=text.lstrip("\n"), html=html)


def site_url(path: str = "/") -> str:
    """The address of a page of the tenant of the context, for mails: no request is at hand there."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{current_tenant().slug}.{settings.BASE_DOMAIN}{port}{path}"
