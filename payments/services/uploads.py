"""Bank files from the browser: uploaded, looked at, then imported by a worker or discarded."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import RunState, asked_now, carry_out
from billing_project.tenancy.context import tenant_context
from payments.models import BankCsvMapping, BankUpload
from payments.services.importing import ImportPreview, import_bank_file, preview_bank_file
from payments.services.reading import MAX_BYTES


@transaction.atomic
def upload_bank_file(*, content: bytes, file_name: str, mapping: BankCsvMapping | None = None) -> BankUpload:
    """Keeps the file until somebody has looked at it. Raises Refusal `invalid_input` for a huge one."""
    if len(content) > MAX_BYTES:
        raise Refusal(Code.INVALID_INPUT, _("The file is larger than 50 MB. Split it into several files."))
    upload: BankUpload = BankUpload.objects.create(
        state=RunState.UPLOADED,
        file_name=file_name[:200],
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        mapping=mapping,
        **asked_now(),
    )
    record("bank_file_uploaded", upload, sha256=upload.sha256)
    return upload


def preview_upload(upload: BankUpload) -> ImportPreview:
    """What the file says and what an import would find now. Raises BankFileRejected naming each error."""
    return preview_bank_file(content=bytes(upload.content), mapping=upload.mapping)


@transaction.atomic
def start_import(*, upload: BankUpload) -> BankUpload:
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
def discard_upload(*, upload: BankUpload) -> BankUpload:
    """Raises Refusal `invalid_input` for a file whose import has begun."""
    locked = _lock(upload)
    if locked.state != RunState.UPLOADED:
        raise _over()
    _end(locked, RunState.DISCARDED)
    record("upload_discarded", locked, sha256=locked.sha256)
    return locked


def run_import(*, tenant_id: int, upload_id: int) -> None:
    """The worker's part; opens its own transactions."""
    carry_out(BankUpload, tenant_id, upload_id, lambda upload: _import(tenant_id, upload))


def _import(tenant_id: int, upload: BankUpload) -> None:
    """The import and the note of it are one transaction, so that a second worker finds it done."""
    with tenant_context(tenant_id):
        locked = _lock(upload)
        if not locked.under_way:
            return
        result = import_bank_file(
            content=bytes(locked.content), name=locked.file_name, mapping=locked.mapping
        )
        locked.bank_file = result.file
        locked.save(update_fields=["bank_file"])
        _end(locked, RunState.DONE, **result.figures)


def _lock(upload: BankUpload) -> BankUpload:
    locked: BankUpload = BankUpload.objects.select_for_update().get(pk=upload.pk)
    return locked


def _end(upload: BankUpload, state: RunState, **result: object) -> None:
    upload.content = b""
    upload.save(update_fields=["content"])
    upload.end(state, result=result)


def _over() -> Refusal:
    return Refusal(
        Code.INVALID_INPUT, _("This file has been imported or discarded already. Upload it once more.")
    )


def _enqueue(upload: BankUpload) -> None:
    from payments.tasks import import_upload

    import_upload.enqueue(upload.pk)
