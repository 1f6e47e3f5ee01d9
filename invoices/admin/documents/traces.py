"""A document's page: what paid it, its files, its links, and what was done with it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing_project.audit.models import ActorKind
from billing_project.backoffice import cells
from billing_project.backoffice.pages import Column, Section, Table, section
from billing_project.backoffice.words import ACTIONS, word
from invoices.admin.documents.words import links_table
from invoices.models import Allocation, Document, DocumentLink
from invoices.timeline import Event, events_of, files_of


@section(Document, order=40)
def document_allocations(_request: Any, document: Document) -> Section:
    found = Allocation.objects.filter(document=document).select_related("entry").order_by("id")
    return Table(
        _("Allocations"),
        [Column(_("Entry")), Column(_("paid by")), Column(_("amount (yen)"), numeric=True)],
        [
            (cells.link(a.entry, cells.days(a.entry.booked_on)), a.get_source_display(), cells.yen(a.amount))
            for a in found
        ],
    )


@section(Document, order=50)
def document_files(_request: Any, document: Document) -> Section:
    return Table(
        _("Files"),
        [Column(_("Type")), Column(_("size (bytes)"), numeric=True), Column("SHA-256"), Column(_("made"))],
        [
            (file.media_type, cells.number(file.size), cells.mono(file.sha256), cells.moments(file.made_at))
            for file in files_of(document)
        ],
        empty=_("Not made yet; it is made with the mail or the first download."),
    )


@section(Document, order=60)
def document_links(_request: Any, document: Document) -> Section:
    return links_table(DocumentLink.objects.filter(document=document))


@section(Document, order=70)
def document_log(_request: Any, document: Document) -> Section:
    columns = [
        Column(_("when")),
        Column(_("act")),
        Column(_("details")),
        Column(_("who")),
        Column(_("kind of actor")),
        Column(_("from where")),
    ]
    return Table(_("Operation log"), columns, [_event(event) for event in events_of(document)])


def _event(event: Event) -> tuple[Any, ...]:
    return (
        cells.moments(event.at),
        event.title or word(ACTIONS, event.action),
        event.text or "—",
        event.by or "—",
        ActorKind(event.kind).label if event.kind else "—",
        event.address or "—",
    )
