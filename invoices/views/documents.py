"""Documents in the control panel: list, CSV, one document, its PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import member_required
from accounts.actors import address_of
from accounts.rules import Right
from billing_project import clock
from billing_project.listing import csv_response, in_order, page_of
from invoices.forms import DocumentFilter
from invoices.models import AccessAction, Allocation, Document, DocumentLine
from invoices.panel import STANDINGS, owed, selected, standing_of, sums_of, visible_documents
from invoices.searching import search
from invoices.services.files import PDF, XML, ensure_file
from invoices.services.links import Visitor, log_access
from invoices.services.paper import ask_for_paper, waiting_on_paper
from invoices.timeline import events_for_customer

_COLUMNS = {
    "number": "number",
    "issued": "issued_on",
    "due": "open_due",
    "total": "total",
    "open": "open_amount",
}
_LINES_PER_PAGE = 50
_ENDINGS = {PDF: "pdf", XML: "xml"}


@require_GET
@member_required(Right.SEE_OWN_DOCUMENTS)
def document_list(request: Any) -> HttpResponse:
    form, documents = _found(request)
    page = page_of(request, documents)
    context = {
        "form": form,
        "page": page,
        "rows": [_row(document) for document in page],
        "owed": owed(visible_documents(request.member), clock.today()),
        "csv_url": f"{reverse('invoices:csv')}?{request.GET.urlencode()}",
    }
    return render(request, "invoices/list.html", context)


@require_http_methods(["GET", "POST"])
@member_required(Right.SEE_OWN_DOCUMENTS)
def document_csv(request: Any) -> HttpResponse:
    """What the list has found, on all its pages; posted, what is ticked in it."""
    head = (
        _("Number"),
        _("Kind"),
        _("Issue date"),
        _("Due date"),
        _("Net"),
        _("Tax"),
        _("Total"),
        _("Still to pay"),
        _("Payment"),
    )
    if request.method == "POST":
        documents = selected(visible_documents(request.member), request.POST.getlist("document"))
        if not documents.exists():
            return nothing_selected(request)
    else:
        _form, documents = _found(request)
    return csv_response(f"{_('Documents')}.csv", head, (_csv_row(document) for document in documents))


@require_GET
@member_required(Right.SEE_OWN_DOCUMENTS)
def document_detail(request: Any, public_id: UUID) -> HttpResponse:
    document: Any = _document(request, public_id)
    lines = DocumentLine.objects.filter(document=document).order_by("position")
    payments = Allocation.objects.filter(document=document).select_related("entry").order_by("recorded_at")
    context = {
        **_row(document),
        "page": page_of(request, lines, _LINES_PER_PAGE),
        "sums": sums_of(document),
        "payments": payments,
        "on_paper": waiting_on_paper(document),
        "related": visible_documents(request.member).filter(pk=document.original_id),
        "events": events_for_customer(document),
        "followers": visible_documents(request.member).filter(original=document),
    }
    return render(request, "invoices/detail.html", context)


@require_http_methods(["GET", "POST"])
@member_required(Right.SEE_OWN_DOCUMENTS)
def document_paper(request: Any, public_id: UUID) -> HttpResponse:
    """Into the print queue (A18); asked for twice it is printed once."""
    document = _document(request, public_id)
    if request.method == "POST":
        ask_for_paper(document=document)
        messages.success(request, _("The document will be printed and posted."))
    return redirect("invoices:detail", document.public_id)


@require_GET
@member_required(Right.SEE_OWN_DOCUMENTS)
def document_pdf(request: Any, public_id: UUID) -> HttpResponse:
    return download(request, _document(request, public_id), PDF)


@require_GET
@member_required(Right.SEE_OWN_DOCUMENTS)
def document_xml(request: Any, public_id: UUID) -> HttpResponse:
    return download(request, _document(request, public_id), XML)


def download(request: Any, document: Document, media_type: str) -> HttpResponse:
    """The file for somebody who is signed in; the download log notes it (A8)."""
    visitor = Visitor(request.user.email, address_of(request), request.headers.get("User-Agent", ""))
    log_access(document=document, action=AccessAction.DOWNLOADED, visitor=visitor, form=_ENDINGS[media_type])
    return file_response(document, media_type)


def file_response(document: Document, media_type: str) -> HttpResponse:
    """The file, made now if nobody has made it yet, under a name that says what it is."""
    file = ensure_file(document, media_type)
    response = HttpResponse(bytes(file.content), content_type=media_type)
    name = f"{document.get_kind_display()}_{document.number}.{_ENDINGS[media_type]}"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def nothing_selected(request: Any) -> HttpResponse:
    messages.error(request, _("No document is selected. Please tick those you want first."))
    return redirect("invoices:list")


def _found(request: Any) -> tuple[DocumentFilter, QuerySet[Document]]:
    form = DocumentFilter(request.GET)
    found = search(visible_documents(request.member), form.wanted(), clock.today())
    return form, in_order(request, found, _COLUMNS)


def _row(document: Any) -> dict[str, Any]:
    standing = standing_of(document, clock.today())
    return {"document": document, "standing": standing, "standing_label": STANDINGS[standing]}


def _csv_row(document: Any) -> list[Any]:
    return [
        document.number,
        document.get_kind_display(),
        document.issued_on,
        document.open_due or document.due_on,
        document.net_total,
        document.tax_total,
        document.total,
        document.open_amount or 0,
        STANDINGS[standing_of(document, clock.today())],
    ]


def _document(request: Any, public_id: UUID) -> Document:
    """404 for what does not exist, is another customer's, or is not for this member's eyes."""
    found = visible_documents(request.member).select_related("addressee", "customer")
    document: Document = get_object_or_404(found, public_id=public_id)
    return document
