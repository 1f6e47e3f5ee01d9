"""The jobs of orders: they end at 00:00, and are warned of at 07:00 (A5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from billing_project.jobs.registry import DOCUMENTS_AND_MAILS, STATE_CHANGES, JobKind, register
from orders.services.expiring import any_expired, any_waiting, expire_orders, warn_of_expiry


def _expire(day: date) -> Mapping[str, int]:
    return {"orders": expire_orders(day)}


def _warn(day: date) -> Mapping[str, int]:
    return {"orders": warn_of_expiry(day)}


def register_jobs() -> None:
    register(JobKind("orders.expire", STATE_CHANGES, order=10, run=_expire, falls_on=any_expired))
    register(
        JobKind("orders.expiry_warnings", DOCUMENTS_AND_MAILS, order=30, run=_warn, falls_on=any_waiting)
    )
