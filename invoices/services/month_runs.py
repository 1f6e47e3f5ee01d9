"""Closing a month because an operator asks: by a worker, so that nobody waits in front of a white page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from billing_project.audit.services import record
from billing_project.calendar import Month
from billing_project.jobs.runs import UNDER_WAY, RunState, asked_now, carry_out
from billing_project.outbox.models import Mail, MailState
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Closing, Document, DocumentFile, MonthRun
from invoices.services.files import PDF
from invoices.services.months import close_month, month_to_close


@dataclass(frozen=True)
class MonthProgress:
    """How far a closing is; `documents` is None before they are issued."""

    documents: int | None = None
    files: int = 0
    mails: int = 0
    mails_sent: int = 0
    mails_failed: int = 0

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
    documents = Document.objects.filter(closing=closing)
    mails = Mail.objects.filter(kind="document_issued", reference__in=documents.values("pk"))
    return MonthProgress(
        documents=closing.document_count,
        files=DocumentFile.objects.filter(document__closing=closing, media_type=PDF).count(),
        mails=mails.count(),
        mails_sent=mails.filter(state=MailState.SENT).count(),
        mails_failed=mails.filter(state=MailState.FAILED).count(),
    )


def closing_of_month(month: Month) -> Closing | None:
    found: Closing | None = Closing.objects.filter(closes_on__range=(month.first_day, month.last_day)).first()
    return found


def _close(tenant_id: int, run: MonthRun) -> None:
    with tenant_context(tenant_id):
        tenant = current_tenant()
    closed = close_month(tenant=tenant, month=Month.parse(run.month))
    figures: dict[str, Any] = asdict(closed.figures)
    told = {name: figures[name] for name in ("documents", "lines", "customers", "total", "to_pay")}
    with tenant_context(tenant_id):
        run.end(RunState.DONE, result={**told, "already_closed": closed.already_closed})


def _enqueue(run: MonthRun) -> None:
    from invoices.tasks import close_month_asked_for

    close_month_asked_for.enqueue(run.pk)
