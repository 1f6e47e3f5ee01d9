"""The jobs of payments: dunning (A12, H8); files of pay-outs and reports of deposits (A15, X11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from billing_project.jobs.registry import DOCUMENTS_AND_MAILS, STATE_CHANGES, JobKind, register
from payments.rules import is_day_of_record
from payments.selectors import due_payouts, payout_sender
from payments.services.deposits import report_deposits
from payments.services.dunning import anything_to_dun, take_steps
from payments.services.payouts import write_payout_file

PAYOUT_FILE = "payments.payout_file"
DEPOSIT_REPORT = "payments.deposit_report"


def register_jobs() -> None:
    register(JobKind("payments.dunning", STATE_CHANGES, order=40, run=_dun, falls_on=anything_to_dun))
    register(JobKind(PAYOUT_FILE, DOCUMENTS_AND_MAILS, 50, _write, _any_payout))
    register(JobKind(DEPOSIT_REPORT, DOCUMENTS_AND_MAILS, 60, _report, _was_day_of_record))


def _dun(day: date) -> Mapping[str, int]:
    return {"steps": take_steps(day)}


def _any_payout(day: date) -> bool:
    """Without a known sender no file can be written: the pay-outs wait on the first page of the admin."""
    return due_payouts(day).exists() and payout_sender() is not None


def _write(day: date) -> Mapping[str, int]:
    file = write_payout_file(pay_on=day)
    return {"payouts": file.count, "total": file.total}


def _was_day_of_record(day: date) -> bool:
    return is_day_of_record(day - timedelta(days=1))


def _report(day: date) -> Mapping[str, int]:
    report = report_deposits(day=day - timedelta(days=1))
    return {"customers": report.customers, "total": report.total}
