"""Exports in the control panel: asked for with a search, watched, fetched by who asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import member_required
from accounts.actors import address_of
from accounts.rules import Right
from billing_project import clock
from billing_project.errors import Refusal
from billing_project.tenancy.context import current_tenant_id
from invoices.forms import DocumentFilter
from invoices.models import DocumentExport
from invoices.panel import selected, visible_documents
from invoices.searching import search
from invoices.services.export import ask_for_export, check_fetchable, progress_of_export, zip_of
from invoices.services.links import Visitor, log_archive
from invoices.views.documents import nothing_selected


@require_http_methods(["GET", "POST"])
@member_required(Right.SEE_OWN_DOCUMENTS)
def export_new(request: Any) -> HttpResponse:
    """Of what the list has found, on all its pages; the search stands in the address, as it does there. Of
    what is ticked in it when that is asked for.
    """
    if request.method == "GET":
        return redirect("invoices:list")
    if "selected" in request.POST:
        found = selected(visible_documents(request.member), request.POST.getlist("document"))
        wanted = {"selected": ", ".join(found.values_list("number", flat=True))}
        if not wanted["selected"]:
            return nothing_selected(request)
    else:
        form = DocumentFilter(request.GET)
        found = search(visible_documents(request.member), form.wanted(), clock.today())
        wanted = form.told()
    try:
        export = ask_for_export(documents=found, wanted=wanted, customer=request.member.customer)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("invoices:list")
    return redirect("invoices:export", export.public_id)


@require_GET
@member_required(Right.SEE_OWN_DOCUMENTS)
def export_page(request: Any, public_id: UUID) -> HttpResponse:
    """How far it is; asks again by itself until it is done."""
    export = _export(request, public_id)
    context = {
        "export": export,
        "expired": export.expires_at <= clock.now(),
        "progress": progress_of_export(export),
    }
    return render(request, "invoices/export.html", context)


@require_GET
@member_required(Right.SEE_OWN_DOCUMENTS)
def export_zip(request: Any, public_id: UUID) -> Any:
    """What the member may still see of it."""
    export = _export(request, public_id)
    try:
        check_fetchable(export)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("invoices:export", export.public_id)
    seen = set(visible_documents(request.member).values_list("pk", flat=True))
    return archive_response(request, export, [id_ for id_ in export.document_ids if id_ in seen])


def archive_response(request: Any, export: DocumentExport, ids: list[int]) -> StreamingHttpResponse:
    """The archive, sent while it is put together; each document's log notes it."""
    visitor = Visitor(request.user.email, address_of(request), request.headers.get("User-Agent", ""))
    log_archive(document_ids=ids, visitor=visitor)
    day = localtime(export.asked_at).date()
    response = StreamingHttpResponse(zip_of(current_tenant_id(), ids, day), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{_('Documents')}_{day}.zip") or ""
    response["Cache-Control"] = "private, no-store"
    return response


def _export(request: Any, public_id: UUID) -> DocumentExport:
    """404 for what does not exist, and for what somebody else has asked for."""
    mine = DocumentExport.objects.filter(
        customer=request.member.customer_id, asked_by_user_id=request.user.pk
    )
    export: DocumentExport = get_object_or_404(mine, public_id=public_id)
    return export
