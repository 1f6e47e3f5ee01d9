"""Reads the mail that the demo captures in files instead of sending it.

Only for the demo: the pages are not found unless `DEMO` is on and `MAIL_CAPTURE_DIR` is set. They show every
tenant's mail to whoever asks.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import wraps
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

_END_OF_MAIL = re.compile(rb"^-{79}\r?\n?", re.MULTILINE)
_HTML_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [SELF],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@dataclass(frozen=True)
class CapturedMail:
    """`key` names file and place in it: `20261101-070000-140.log:0`."""

    key: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def recipient(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sent_at(self) -> datetime | None:
        try:
            moment = parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


def _only_in_demo(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (settings.DEMO and settings.MAIL_CAPTURE_DIR):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@_only_in_demo
def mail_list(request: HttpRequest) -> HttpResponse:
    """Newest first; `?q=` finds subject or recipient."""
    wanted = request.GET.get("q", "").strip().lower()
    mails = [mail for mail in captured() if wanted in f"{mail.subject} {mail.recipient}".lower()]
    page = Paginator(mails, 50).get_page(request.GET.get("page"))
    return render(request, "home/mail_list.html", {"page": page, "q": wanted})


@_only_in_demo
def mail_detail(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "home/mail_detail.html", {"mail": _find(key)})


@_only_in_demo
@csp(_HTML_POLICY)  # type: ignore[arg-type]
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part by itself, in a sandbox; its links open in a new tab."""
    return HttpResponse(_find(key).html.replace("<head>", '<head><base target="_blank">', 1))


def captured() -> list[CapturedMail]:
    """All captured mail, newest first."""
    folder = Path(settings.MAIL_CAPTURE_DIR)
    files = sorted(folder.glob("*.log"), reverse=True) + sorted(folder.glob("*.eml"), reverse=True)
    mails = [mail for file in files for mail in _mails_in(file)]
    return sorted(mails, key=_age)


def _age(mail: CapturedMail) -> float:
    return -mail.sent_at.timestamp() if mail.sent_at else 0.0


def _mails_in(file: Path) -> Iterator[CapturedMail]:
    """Django's file backend writes a line of 79 dashes after each mail; several mails may share a file."""
    for place, raw in enumerate(_END_OF_MAIL.split(file.read_bytes())):
        if raw.strip():
            message = email.message_from_bytes(raw, policy=email.policy.default)
            yield CapturedMail(f"{file.name}:{place}", message)


def _find(key: str) -> CapturedMail:
    for mail in captured():
        if mail.key == key:
            return mail
    raise Http404
