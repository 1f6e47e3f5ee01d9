"""Bank files from the browser: uploaded, looked at, then imported by a worker or discarded."""

from __future__ import annotations

from django.db import transaction

from billing_project.audit.services import record
from billing_project.jobs.runs import RunState, carry_out
from billing_project.jobs.uploads import end, keep, lock
from billing_project.tenancy.context import tenant_context
from payments.models import BankCsvMapping, BankUpload
from payments.services.importing import ImportPreview, import_bank_file, preview_bank_file


@transaction.atomic
def upload_bank_file(*, content: bytes, file_name: str, mapping: BankCsvMapping | None = None) -> BankUpload:
    """Keeps the file until somebody has looked at it. Raises Refusal `invalid_input` for a huge one."""
    upload = keep(BankUpload, content=content, file_name=file_name, mapping=mapping)
    record("bank_file_uploaded", upload, sha256=upload.sha256)
    return upload


def preview_upload(upload: BankUpload) -> ImportPreview:
    """What the file says and what an import would find now. Raises BankFileRejected naming each error."""
    return preview_bank_file(content=bytes(upload.content), mapping=upload.mapping)


def run_import(*, tenant_id: int, upload_id: int) -> None:
    """The worker's part; opens its own transactions."""
    carry_out(BankUpload, tenant_id, upload_id, lambda upload: _import(tenant_id, upload))


def _import(tenant_id: int, upload: BankUpload) -> None:
    """The import and the note of it are one transaction, so that a second worker finds it done."""
    with tenant_context(tenant_id):
        locked = lock(upload)
        if not locked.under_way:
            return
        result = import_bank_file(
            content=bytes(locked.content), name=locked.file_name, mapping=locked.mapping
        )
        locked.bank_file = result.file
        locked.save(update_fields=["bank_file"])
        end(locked, RunState.DONE, **result.figures)
