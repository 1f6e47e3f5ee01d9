"""Files that an operator uploads: kept, looked at, then imported by a worker or discarded."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import UNDER_WAY, Run, RunState, asked_now

MAX_BYTES = 50 * 1024 * 1024


class Upload(Run):
    """A file whose content is kept until it is imported or discarded."""

    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    size = models.IntegerField(_("size (bytes)"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name


U = TypeVar("U", bound=Upload)


def keep(model: type[U], *, content: bytes, file_name: str, **more: Any) -> U:
    """A new file of this kind, to be checked by whoever uploaded it; in the caller's transaction.

    Raises Refusal `invalid_input` for a huge one.
    """
    if len(content) > MAX_BYTES:
        raise Refusal(Code.INVALID_INPUT, _("The file is larger than 50 MB. Split it into several files."))
    kept: U = model._default_manager.create(
        state=RunState.UPLOADED,
        file_name=file_name[:200],
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **more,
        **asked_now(),
    )
    return kept


@transaction.atomic
def start_import(*, upload: U) -> U:
    """Has a worker import the file; asked again while it waits, the worker is asked again.

    Raises Refusal `invalid_input` for a file that was imported or discarded.
    """
    locked = lock(upload)
    if locked.state not in (RunState.UPLOADED, *UNDER_WAY):
        raise _over()
    if locked.state == RunState.UPLOADED:
        locked.state = RunState.QUEUED
        locked.save(update_fields=["state"])
    import_string(locked.task_name).enqueue(locked.pk)
    return locked


@transaction.atomic
def discard_upload(*, upload: U) -> U:
    """Raises Refusal `invalid_input` for a file whose import has begun."""
    locked = lock(upload)
    if locked.state != RunState.UPLOADED:
        raise _over()
    end(locked, RunState.DISCARDED)
    record("upload_discarded", locked, sha256=locked.sha256)
    return locked


def lock(upload: U) -> U:
    locked: U = type(upload)._default_manager.select_for_update().get(pk=upload.pk)
    return locked


def end(upload: Upload, state: RunState, **result: object) -> None:
    """Its content is needed no more; in the caller's transaction."""
    upload.content = b""
    upload.save(update_fields=["content"])
    upload.end(state, result=result)


def _over() -> Refusal:
    return Refusal(
        Code.INVALID_INPUT, _("This file has been imported or discarded already. Upload it once more.")
    )
