"""Sales files from the browser: uploaded, looked at, then imported by a worker or discarded."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import RunState, asked_now, carry_out, note_progress
from billing_project.tenancy.context import tenant_context
from orders.models import SalesUpload
from orders.services.import_sales import ImportPreview, import_sales_file, preview_sales

MAX_BYTES = 50 * 1024 * 1024


@transaction.atomic
def upload_sales(*, content: bytes, file_name: str) -> SalesUpload:
    """Keeps the file until somebody has looked at it. Raises Refusal `invalid_input` for a huge one."""
    if len(content) > MAX_BYTES:
        raise Refusal(Code.INVALID_INPUT, _("The file is larger than 50 MB. Split it into several files."))
    upload: SalesUpload = SalesUpload.objects.create(
        state=RunState.UPLOADED,
        file_name=file_name[:200],
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **asked_now(),
    )
    record("sales_uploaded", upload, sha256=upload.sha256)
    return upload


def preview_upload(upload: SalesUpload) -> ImportPreview:
    """What an import of the file would do now."""
    return preview_sales(bytes(upload.content))


@transaction.atomic
def start_import(*, upload: SalesUpload) -> SalesUpload:
    """Has a worker import the file; asked again while it waits, the worker is asked again.

    Raises Refusal `invalid_input` for a file that was imported or discarded.
    """
    locked = _lock(upload)
    if locked.state not in (RunState.UPLOADED, RunState.QUEUED, RunState.RUNNING):
        raise _over()
    if locked.state == RunState.UPLOADED:
        locked.state = RunState.QUEUED
        locked.save(update_fields=["state"])
    _enqueue(locked)
    return locked


@transaction.atomic
def discard_upload(*, upload: SalesUpload) -> SalesUpload:
    """Raises Refusal `invalid_input` for a file whose import has begun."""
    locked = _lock(upload)
    if locked.state != RunState.UPLOADED:
        raise _over()
    _end(locked, RunState.DISCARDED)
    record("upload_discarded", locked, sha256=locked.sha256)
    return locked


def run_import(*, tenant_id: int, upload_id: int) -> None:
    """The worker's part; opens its own transactions."""
    carry_out(SalesUpload, tenant_id, upload_id, lambda upload: _import(tenant_id, upload))


def _import(tenant_id: int, upload: SalesUpload) -> None:
    """The import and the note of it are one transaction, so that a second worker finds it done."""
    with tenant_context(tenant_id):
        locked = _lock(upload)
        if not locked.under_way:
            return
        result = import_sales_file(
            content=bytes(locked.content),
            file_name=locked.file_name,
            progress=lambda done, total: note_progress(locked, done, total),
        )
        _end(locked, RunState.DONE, **vars(result))


def _lock(upload: SalesUpload) -> SalesUpload:
    locked: SalesUpload = SalesUpload.objects.select_for_update().get(pk=upload.pk)
    return locked


def _end(upload: SalesUpload, state: RunState, **result: int) -> None:
    upload.content = b""
    upload.save(update_fields=["content"])
    upload.end(state, result=result)


def _over() -> Refusal:
    return Refusal(
        Code.INVALID_INPUT, _("This file has been imported or discarded already. Upload it once more.")
    )


def _enqueue(upload: SalesUpload) -> None:
    from orders.tasks import import_upload

    import_upload.enqueue(upload.pk)
