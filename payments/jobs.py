"""The jobs of payments: dunning at 00:00, after orders have ended (A12, H8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from billing_project.jobs.registry import STATE_CHANGES, JobKind, register
from payments.services.dunning import anything_to_dun, take_steps


def _dun(day: date) -> Mapping[str, int]:
    return {"steps": take_steps(day)}


def register_jobs() -> None:
    register(JobKind("payments.dunning", STATE_CHANGES, order=40, run=_dun, falls_on=anything_to_dun))
