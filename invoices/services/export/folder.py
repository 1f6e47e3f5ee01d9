"""Documents in a folder, for the command line. Opens its own transactions."""

from __future__ import annotations

import time as waiting
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import RunState
from billing_project.tenancy.context import tenant_context
from invoices.models import Document, DocumentExport
from invoices.services.export.index import INDEX, files_of, index_of
from invoices.services.export.making import begin_export, ids_of, make_files, progress_of_export

PAUSE_SECONDS = 0.2

Progress = Callable[[int, int], None]
"""Told how many documents of how many have their files."""


class NotMadeError(RuntimeError):
    """A file could not be made; the text says which and why."""


def export_documents(
    *, tenant: Tenant, first: date, last: date, folder: Path, progress: Progress | None = None
) -> int:
    """Writes the documents issued from `first` to `last`, both included; gives their count.

    Files that are missing are made first: here, and by all workers that are there. The index comes last and
    under its name only when it is whole. Raises Refusal `invalid_date` when the days are in the wrong order,
    OSError when the folder cannot be written, DamagedFileError, NotMadeError.
    """
    if last < first:
        raise Refusal(Code.INVALID_DATE, _("The last day comes before the first. Please correct the days."))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INDEX).unlink(missing_ok=True)
    with tenant_context(tenant):
        ids = ids_of(Document.objects.filter(issued_on__range=(first, last)))
        export = begin_export(ids=ids, wanted={"first": str(first), "last": str(last)})
    _wait_for(tenant, export, progress)
    for _document, files in files_of(tenant.pk, ids):
        for name, content in files:
            (folder / name).write_bytes(content)
    unfinished = folder / f"{INDEX}.part"
    unfinished.write_bytes(index_of(tenant.pk, ids))
    unfinished.replace(folder / INDEX)
    return len(ids)


def _wait_for(tenant: Tenant, export: DocumentExport, progress: Progress | None) -> None:
    """This process is a hand too, so that it ends also where no worker is."""
    while export.under_way:
        more = make_files(tenant_id=tenant.pk, export_id=export.pk)
        with tenant_context(tenant):
            export.refresh_from_db(fields=["state", "message"])
            found = progress_of_export(export)
        if progress:
            progress(found.done, found.total)
        if export.under_way and not more:
            waiting.sleep(PAUSE_SECONDS)
    if export.state == RunState.FAILED:
        raise NotMadeError(export.message)
