"""Sales files from the browser: uploaded, looked at, then imported by a worker or discarded."""

from __future__ import annotations

from django.db import transaction

from billing_project.audit.services import record
from billing_project.jobs.runs import RunState, carry_out, note_progress
from billing_project.jobs.uploads import end, keep, lock
from billing_project.tenancy.context import tenant_context
from orders.models import SalesUpload
from orders.services.import_sales import ImportPreview, import_sales_file, preview_sales


@transaction.atomic
def upload_sales(*, content: bytes, file_name: str) -> SalesUpload:
    """Keeps the file until somebody has looked at it. Raises Refusal `invalid_input` for a huge one."""
    upload = keep(SalesUpload, content=content, file_name=file_name)
    record("sales_uploaded", upload, sha256=upload.sha256)
    return upload


def preview_upload(upload: SalesUpload) -> ImportPreview:
    """What an import of the file would do now."""
    return preview_sales(bytes(upload.content))


def run_import(*, tenant_id: int, upload_id: int) -> None:
    """The worker's part; opens its own transactions."""
    carry_out(SalesUpload, tenant_id, upload_id, lambda upload: _import(tenant_id, upload))


def _import(tenant_id: int, upload: SalesUpload) -> None:
    """The import and the note of it are one transaction, so that a second worker finds it done."""
    with tenant_context(tenant_id):
        locked = lock(upload)
        if not locked.under_way:
            return
        result = import_sales_file(
            content=bytes(locked.content),
            file_name=locked.file_name,
            progress=lambda done, total: note_progress(locked, done, total),
        )
        end(locked, RunState.DONE, **vars(result))
