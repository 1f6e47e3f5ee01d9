"""The page behind a mailed link (A8): for accounting staff, without sign-in, first of all on a phone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from accounts.actors import address_of
from accounts.models import BankAccount
from billing_project import clock
from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.throttle import too_many
from invoices.models import AccessAction, Document, DocumentLink, Form
from invoices.panel import STANDINGS, standing_of, sums_of, with_open_item
from invoices.services.files import PDF, XML
from invoices.services.links import Visitor, is_open, link_of, log_access
from invoices.views.documents import file_response

_MOST_PER_MINUTE = 60
_FORMS = {PDF: Form.PDF, XML: Form.XML}


def behind_link(find: Callable[[str], Any]) -> Callable[..., Any]:
    """`view(request, link)` for an open link. Unknown: 404; expired or revoked: 410; too often: 429."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_GET
        @wraps(view)
        def guarded(request: Any, token: str) -> HttpResponse:
            if too_many(f"link:{address_of(request)}", most=_MOST_PER_MINUTE, seconds=60):
                return _private(render(request, "429.html", status=429))
            _speak(request)
            link = find(token)
            if link is None:
                return _private(link_page_of(request, "invoices/link_unknown.html", 404))
            if not is_open(link):
                return _private(link_page_of(request, "invoices/link_ended.html", 410))
            with acting_as(Actor(ActorKind.LINK, link.email, None, address_of(request))):
                return _private(view(request, link))

        return guarded

    return decorate


@behind_link(link_of)
def link_page(request: Any, link: DocumentLink) -> HttpResponse:
    document = _document(link)
    _log(request, link, document, AccessAction.OPENED)
    standing = standing_of(document, clock.today())
    context = {
        "document": document,
        "standing": standing,
        "standing_label": STANDINGS[standing],
        "sums": sums_of(document),
        "bank_accounts": _bank_accounts(document.issuer.content),
        "issued_by": document.issuer.content,
        "link": link,
    }
    return link_page_of(request, "invoices/link.html", 200, **context)


@behind_link(link_of)
def link_pdf(request: Any, link: DocumentLink) -> HttpResponse:
    return _download(request, link, PDF)


@behind_link(link_of)
def link_xml(request: Any, link: DocumentLink) -> HttpResponse:
    return _download(request, link, XML)


def _download(request: Any, link: DocumentLink, media_type: str) -> HttpResponse:
    document = _document(link)
    _log(request, link, document, AccessAction.DOWNLOADED, _FORMS[media_type])
    return file_response(document, media_type)


def _document(link: DocumentLink) -> Any:
    documents = Document.objects.select_related("addressee", "customer", "issuer", "original")
    return with_open_item(documents).get(pk=link.document_id)


def _bank_accounts(issuer: dict[str, Any]) -> list[dict[str, Any]]:
    """As the document prints them."""
    kinds = dict(BankAccount.Kind.choices)
    return [{**account, "kind_label": kinds.get(account["kind"], "")} for account in issuer["bank_accounts"]]


def _log(request: Any, link: DocumentLink, document: Document, action: str, form: str = "") -> None:
    visitor = visitor_of(request, link.email)
    log_access(document=document, action=action, visitor=visitor, form=form, link=link)


def visitor_of(request: Any, label: str) -> Visitor:
    return Visitor(label, address_of(request), request.headers.get("User-Agent", ""))


def _speak(request: Any) -> None:
    """`?lang=en`: the page has no form, since forms and `no-referrer` do not go together."""
    wanted = request.GET.get("lang")
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)
        request.LANGUAGE_CODE = wanted


def link_page_of(request: Any, template: str, status: int, **context: Any) -> HttpResponse:
    # An empty token leaves out the language form of the layout.
    return render(request, template, {"csrf_token": "", **context}, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a key: it must not reach other sites, search engines or caches."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
