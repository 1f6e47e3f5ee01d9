"""Each night the keys of forms that were sent long ago are deleted: nobody has such a form open any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from billing_project.jobs.registry import STATE_CHANGES, JobKind, register
from billing_project.submissions.services import any_old, forget_old


def register_jobs() -> None:
    register(JobKind("submissions.forget", STATE_CHANGES, 90, _forget, any_old))


def _forget(day: date) -> Mapping[str, int]:
    return {"deleted": forget_old(day)}
