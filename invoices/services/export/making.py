"""Exports: asked for, made ready by as many workers as there are, fetched until they expire.

What has to be made are the files that are missing. Each hand takes the next document that no other hand has,
commits its file, and goes on; hands die without harm, and whoever asks again each minute sends new ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import UNDER_WAY, RunState, asked_now
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentExport
from invoices.services.files import PDF, claim, ensure_file

log = structlog.get_logger(__name__)
MOST = 10_000
KEPT = timedelta(days=7)
BATCH = 10
LOOKED_AT = 50
"""More than there are hands at work at once: the first that nobody has is among them."""

_FILES = """
FROM invoices_documentexport e, unnest(e.document_ids) WITH ORDINALITY AS wanted (id, place)
LEFT JOIN invoices_documentfile f
  ON f.tenant_id = %(tenant)s AND f.document_id = wanted.id AND f.media_type = %(form)s
WHERE e.tenant_id = %(tenant)s AND e.id = %(export)s
"""
_MISSING = f"SELECT wanted.id {_FILES} AND f.id IS NULL ORDER BY place LIMIT %(looked_at)s"
_MADE = f"SELECT count(f.id) {_FILES}"


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How many of the documents have their files."""

    done: int
    total: int


@transaction.atomic
def ask_for_export(
    *, documents: QuerySet[Document], wanted: dict[str, Any], customer: Customer | None = None
) -> DocumentExport:
    """Has workers make ready what was found. `wanted` is what was searched for, `customer` whose member asks.

    Raises Refusal `invalid_input` when nothing was found, `too_many_documents` for more than 10,000.
    """
    ids = ids_of(documents, MOST + 1)
    if not ids:
        raise Refusal(Code.INVALID_INPUT, _("The search has found no document. There is nothing to export."))
    if len(ids) > MOST:
        raise Refusal(Code.TOO_MANY_DOCUMENTS)
    return begin_export(ids=ids, wanted=wanted, customer=customer)


def ids_of(documents: QuerySet[Document], most: int | None = None) -> list[int]:
    """In the order of the index."""
    ordered = documents.order_by("issued_on", "kind", "year", "serial")
    return list(ordered.values_list("pk", flat=True)[:most])


@transaction.atomic
def begin_export(
    *, ids: list[int], wanted: dict[str, Any], customer: Customer | None = None
) -> DocumentExport:
    """Writes down what is to be handed over, and calls the workers."""
    export: DocumentExport = DocumentExport.objects.create(
        customer=customer,
        wanted=wanted,
        document_ids=ids,
        document_count=len(ids),
        expires_at=clock.now() + KEPT,
        **asked_now(),
    )
    record("documents_exported", export, **wanted, count=len(ids))
    _call_hands(export)
    return export


def make_files(*, tenant_id: int, export_id: int) -> bool:
    """A hand's turn: some of the missing files; whether there may be more. Opens its own transactions."""
    with tenant_context(tenant_id):
        mine = DocumentExport.objects.filter(pk=export_id)
        mine.filter(state=RunState.QUEUED).update(state=RunState.RUNNING)
    return all(_make_next(tenant_id, export_id) for _turn in range(BATCH))


def progress_of_export(export: DocumentExport) -> ExportProgress:
    """Counted anew each time."""
    [made] = _ask(_MADE, export)
    return ExportProgress(made, export.document_count)


def check_fetchable(export: DocumentExport) -> None:
    """Raises Refusal `link_expired`, or `invalid_input` while it is not ready."""
    if export.expires_at <= clock.now():
        raise Refusal(Code.LINK_EXPIRED, _("This export has expired. Please search and export once more."))
    if export.state != RunState.DONE:
        raise Refusal(Code.INVALID_INPUT, _("This export is not ready. Please wait until it is done."))


def _make_next(tenant_id: int, export_id: int) -> bool:
    with tenant_context(tenant_id):
        export = DocumentExport.objects.filter(pk=export_id, state__in=UNDER_WAY).first()
        if export is None:
            return False
        if export.expires_at <= clock.now():
            export.end(RunState.FAILED, message=str(_("It was not ready in time.")))
            return False
        missing = _ask(_MISSING, export)
        if not missing:
            export.end(RunState.DONE)
            return False
        mine = next((id_ for id_ in missing if claim(id_)), None)
        return mine is not None and _make(export, Document.objects.get(pk=mine))


def _make(export: DocumentExport, document: Document) -> bool:
    try:
        ensure_file(document)
    except Exception as failure:
        log.exception("file_not_made", document=document.number)
        export.end(RunState.FAILED, message=f"{document.number}: {type(failure).__name__}: {failure}")
        return False
    return True


def _ask(question: str, export: DocumentExport) -> list[int]:
    parameters: dict[str, Any] = {
        "tenant": export.tenant_id,
        "export": export.pk,
        "form": PDF,
        "looked_at": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return [row[0] for row in cursor.fetchall()]


def _call_hands(export: DocumentExport) -> None:
    from invoices.tasks import make_export

    for _hand in range(min(settings.WORKER_HANDS, export.document_count)):
        make_export.enqueue(export.pk)
