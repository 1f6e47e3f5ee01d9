"""The page behind a mailed link (A8): for accounting staff, without sign-in, first of all on a phone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import address_of
from accounts.models import BankAccount
from billing_project import clock
from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.forms import sent
from billing_project.throttle import too_many
from invoices.forms import WrongRecipientForm
from invoices.models import AccessAction, Allocation, Document, DocumentLink, Form
from invoices.panel import STANDINGS, Standing, standing_of, sums_of, with_open_item
from invoices.rendering.pages import PAGES_SHOWN, count_pages, page_picture
from invoices.services.files import PDF, XML, ensure_file
from invoices.services.link_reports import ask_for_new_link, report_wrong_recipient
from invoices.services.links import Visitor, is_open, link_of, log_access
from invoices.views.documents import file_response

_MOST_PER_MINUTE = 60
_FORMS = {PDF: Form.PDF, XML: Form.XML}


def behind_link(find: Callable[[str], Any], *, posts: bool = False, new_link: str = "") -> Callable[..., Any]:
    """`view(request, link)` for an open link. Unknown: 404; expired or revoked: 410; too often: 429.

    `new_link` names the page that mails a new link, which the page of an ended one offers. Where `posts`, no
    other token guards the form: the one in its address is known to nobody else.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_http_methods(["GET", "POST"] if posts else ["GET"])
        @wraps(view)
        def guarded(request: Any, token: str, **more: Any) -> HttpResponse:
            if too_many(f"link:{address_of(request)}", most=_MOST_PER_MINUTE, seconds=60):
                return _private(render(request, "429.html", status=429))
            _speak(request)
            link = find(token)
            if link is None:
                return _private(link_page_of(request, "invoices/link_unknown.html", 404))
            if not is_open(link):
                again = reverse(new_link, args=[token]) if new_link else ""
                return _private(link_page_of(request, "invoices/link_ended.html", 410, new_link=again))
            with acting_as(Actor(ActorKind.LINK, link.email, None, address_of(request))):
                return _private(view(request, link, **more))

        return guarded

    return decorate


_behind_document_link = behind_link(link_of, new_link="invoices:link_new")


@_behind_document_link
def link_page(request: Any, link: DocumentLink) -> HttpResponse:
    document = _document(link)
    _log(request, link, document, AccessAction.OPENED)
    standing = standing_of(document, clock.today())
    pages = count_pages(bytes(ensure_file(document).content))
    context = {
        "document": document,
        "standing": standing,
        "standing_label": STANDINGS[standing],
        "paid_at": _paid_at(document) if standing == Standing.PAID else None,
        "pages": pages,
        "pages_shown": range(1, min(pages, PAGES_SHOWN) + 1),
        "sums": sums_of(document),
        "bank_accounts": _bank_accounts(document.issuer.content),
        "issued_by": document.issuer.content,
        "link": link,
    }
    return link_page_of(request, "invoices/link.html", 200, **context)


@_behind_document_link
def link_picture(_request: Any, link: DocumentLink, number: int) -> HttpResponse:
    """A page of the document, as the link page shows it."""
    picture = page_picture(ensure_file(_document(link)), number)
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png")


@_behind_document_link
def link_pdf(request: Any, link: DocumentLink) -> HttpResponse:
    return _download(request, link, PDF)


@_behind_document_link
def link_xml(request: Any, link: DocumentLink) -> HttpResponse:
    return _download(request, link, XML)


@behind_link(link_of, posts=True, new_link="invoices:link_new")
def link_wrong(request: Any, link: DocumentLink) -> HttpResponse:
    """ "I am not the right person": first asked, then told to operators and to the company."""
    form = WrongRecipientForm(sent(request))
    if form.is_valid():
        report_wrong_recipient(link=link, note=form.cleaned_data["note"])
        return link_page_of(request, "invoices/link_wrong_done.html", 200)
    status = 422 if form.errors else 200
    return link_page_of(request, "invoices/link_wrong.html", status, form=form, link=link)


@csrf_exempt
@require_POST
def link_new(request: Any, token: str) -> HttpResponse:
    """The same answer whatever happens, so that it tells nothing about links and addresses."""
    if too_many(f"link:{address_of(request)}", most=_MOST_PER_MINUTE, seconds=60):
        return _private(render(request, "429.html", status=429))
    _speak(request)
    link = link_of(token)
    if link is not None:
        with acting_as(Actor(ActorKind.LINK, link.email, None, address_of(request))):
            ask_for_new_link(link=link)
    return _private(link_page_of(request, "invoices/link_new.html", 200))


def _paid_at(document: Document) -> Any:
    """The moment of the last payment."""
    paid = Allocation.objects.filter(document=document, amount__gt=0).order_by("-recorded_at")
    return paid.values_list("recorded_at", flat=True).first()


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
    """`?lang=en` in place of a form, since forms and `no-referrer` do not go together."""
    wanted = request.GET.get("lang")
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)
        request.LANGUAGE_CODE = wanted


def link_page_of(request: Any, template: str, status: int, **context: Any) -> HttpResponse:
    # Without a token the layout has a link in place of its language form.
    wanted = request.GET.get("lang", "")
    kept = f"?lang={wanted}" if wanted in dict(settings.LANGUAGES) else ""
    layout = {"csrf_token": "", "language_by_address": True, "keep_language": kept}
    return render(request, template, {**layout, **context}, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a key: it must not reach other sites, search engines or caches."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
