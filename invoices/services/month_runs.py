"""Closing a month because an operator asks: by a worker, so that nobody waits in front of a white page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q

from billing_project import clock
from billing_project.audit.services import record
from billing_project.calendar import Month
from billing_project.jobs.runs import UNDER_WAY, RunState, asked_now, carry_out
from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Closing, Document, DocumentFile, MonthRun
from invoices.services.files import PDF
from invoices.services.months import close_month, month_to_close

TOLD = ("documents", "lines", "customers", "left_out", "total", "to_pay")
RATE_OVER = timedelta(minutes=1)


@dataclass(frozen=True)
class MonthProgress:
    """How far a closing is; `documents` is None before they are issued."""

    documents: int | None = None
    files: int = 0
    mails: int = 0
    mails_sent: int = 0
    mails_failed: int = 0
    files_per_second: float = 0.0

    @property
    def minutes_left(self) -> int | None:
        """Until all files are made, at the rate of the last minute; None while nobody makes any."""
        if self.documents is None or not self.files_per_second:
            return None
        return ceil((self.documents - self.files) / self.files_per_second / 60)

    @property
    def finished(self) -> bool:
        return self.documents is not None and self.mails_sent + self.mails_failed >= self.mails


@transaction.atomic
def ask_for_month(*, month: Month) -> MonthRun:
    """Has a worker do what `close_month` does; asked again while it is under way it gives the same run.

    Raises Refusal `month_not_over`, `invalid_date` as `close_month` does.
    """
    month_to_close(month)
    earlier: MonthRun | None = MonthRun.objects.filter(month=str(month), state__in=UNDER_WAY).first()
    run: MonthRun = earlier or MonthRun.objects.create(month=str(month), **asked_now())
    if earlier is None:
        record("month_asked_for", run)
    _enqueue(run)
    return run


def run_month(*, tenant_id: int, run_id: int) -> None:
    """The worker's part; opens its own transactions."""
    carry_out(MonthRun, tenant_id, run_id, lambda run: _close(tenant_id, run))


def progress_of_month(run: MonthRun) -> MonthProgress:
    """What has been issued, made and mailed of the month; counted anew each time."""
    closing = closing_of_month(Month.parse(run.month))
    if closing is None or closing.issued_at is None:
        return MonthProgress()
    return progress_of_closing(closing)


def progress_of_closing(closing: Closing) -> MonthProgress:
    """The same for a closing whose documents are issued."""
    documents = Document.objects.filter(closing=closing)
    mails = Mail.objects.filter(kind="document_issued", reference__in=documents.values("pk"))
    return MonthProgress(
        documents=closing.document_count,
        **_files(closing),
        **mails.aggregate(
            mails=Count("pk"),
            mails_sent=Count("pk", filter=Q(state=MailState.SENT)),
            mails_failed=Count("pk", filter=Q(state=MailState.FAILED)),
        ),
    )


def _files(closing: Closing) -> dict[str, Any]:
    """How many there are, and how many a second were made in the last minute, or since the first."""
    now = clock.now()
    lately = Q(made_at__gt=now - RATE_OVER)
    found = DocumentFile.objects.filter(document__closing=closing, media_type=PDF).aggregate(
        files=Count("pk"), lately=Count("pk", filter=lately), first=Min("made_at", filter=lately)
    )
    seconds = (now - found["first"]).total_seconds() if found["first"] else 0
    rate = found["lately"] / seconds if seconds else 0.0
    return {"files": found["files"], "files_per_second": rate}


def closing_of_month(month: Month) -> Closing | None:
    found: Closing | None = Closing.objects.filter(closes_on__range=(month.first_day, month.last_day)).first()
    return found


def _close(tenant_id: int, run: MonthRun) -> None:
    with tenant_context(tenant_id):
        tenant = current_tenant()
    closed = close_month(tenant=tenant, month=Month.parse(run.month))
    figures: dict[str, Any] = asdict(closed.figures)
    told = {name: figures[name] for name in TOLD}
    with tenant_context(tenant_id):
        run.end(RunState.DONE, result={**told, "already_closed": closed.already_closed})


def _enqueue(run: MonthRun) -> None:
    from invoices.tasks import close_month_asked_for

    close_month_asked_for.enqueue(run.pk)
