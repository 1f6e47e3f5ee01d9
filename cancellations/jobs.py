"""The job of cancellations: at 07:00 it reminds of windows that end (A19)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from billing_project.jobs.registry import DOCUMENTS_AND_MAILS, JobKind, register
from cancellations.services.reminding import any_window_open, remind_of_windows


def _remind(day: date) -> Mapping[str, int]:
    return {"mails": remind_of_windows(day)}


def register_jobs() -> None:
    register(
        JobKind(
            "cancellations.window_reminders",
            DOCUMENTS_AND_MAILS,
            order=40,
            run=_remind,
            falls_on=any_window_open,
        )
    )
