"""What the coming closing would bill, worked out by a worker and stored.

A preview closes the month and rolls it back, and new sales wait meanwhile: no page does so by being opened.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from billing_project import clock
from billing_project.audit.services import record
from billing_project.calendar import Month
from billing_project.errors import Code, Refusal
from billing_project.jobs.runs import UNDER_WAY, RunState, asked_now, carry_out, turn_of
from billing_project.tenancy.context import tenant_context
from invoices.models import Charge, Closing, ClosingState, Document, LeftOut, PreviewRun
from invoices.selectors import ClosingFigures, RateFigures
from invoices.services.months import day_of_closing
from invoices.services.previews import ClosingPreview, preview_closing

SHOWN = 100
"""Documents that are kept of a preview; its sums and counts are those of all."""

_SUMS = ("net_total", "tax_total", "total", "to_pay")


@dataclass(frozen=True, slots=True)
class StoredPreview:
    """A preview as it was worked out: with what was recorded until `as_of`.

    Its documents and customers left out are rows that were never written, with what a list shows of them.
    """

    as_of: datetime
    preview: ClosingPreview


@transaction.atomic
def ask_for_preview(*, month: Month) -> PreviewRun:
    """Has a worker work the preview out; asked again while it is under way it gives the same run.

    Raises Refusal `invalid_date` for a month without a closing, or one whose documents are issued.
    """
    _day_to_preview(month)
    earlier: PreviewRun | None = PreviewRun.objects.filter(month=str(month), state__in=UNDER_WAY).first()
    run: PreviewRun = earlier or PreviewRun.objects.create(month=str(month), **asked_now())
    if earlier is None:
        record("closing_preview_asked", run)
    _enqueue(run)
    return run


def run_preview(*, tenant_id: int, run_id: int) -> None:
    """The worker's part; opens its own transactions, and may be called twice, also at the same time."""
    carry_out(PreviewRun, tenant_id, run_id, lambda run: _work_out(tenant_id, run))


def last_run_of(month: Month) -> PreviewRun | None:
    """Whatever became of it."""
    return PreviewRun.objects.filter(month=str(month)).last()


def last_result_of(month: Month) -> PreviewRun | None:
    """The newest that was worked out to its end."""
    return PreviewRun.objects.filter(month=str(month), state=RunState.DONE).last()


def stored_preview(run: PreviewRun) -> StoredPreview:
    """What a run that is done has worked out."""
    result = run.result
    documents = tuple(_document(each) for each in result["documents"])
    left_out = tuple(_left_out(each) for each in result["left_out"])
    preview = ClosingPreview(_figures(result["figures"]), documents, left_out)
    return StoredPreview(datetime.fromisoformat(result["as_of"]), preview)


def sold_since(moment: datetime) -> bool:
    """Whether anything was sold or taken back since."""
    found: bool = Charge.objects.filter(recorded_at__gt=moment).exists()
    return found


def _day_to_preview(month: Month) -> date:
    closes_on = day_of_closing(month)
    if Closing.objects.filter(closes_on=closes_on, state=ClosingState.ISSUED).exists():
        raise Refusal(
            Code.INVALID_DATE,
            _("This month is closed and its documents are issued. Look at its closing instead."),
        )
    return closes_on


def _work_out(tenant_id: int, run: PreviewRun) -> None:
    with turn_of(run) as ours:
        if not ours:
            return
        with tenant_context(tenant_id):
            begun = clock.now()
            found = preview_closing(closes_on=_day_to_preview(Month.parse(run.month)), shown=SHOWN)
            locked: PreviewRun = PreviewRun.objects.select_for_update().get(pk=run.pk)
            if locked.under_way:
                locked.end(RunState.DONE, result=_stored(begun, found))


def _stored(as_of: datetime, found: ClosingPreview) -> dict[str, Any]:
    figures = asdict(found.figures)
    days = {name: figures[name].isoformat() for name in ("closes_on", "issue_on")}
    return {
        "as_of": as_of.isoformat(),
        "figures": {**figures, **days},
        "documents": [_as_shown(each) for each in found.documents],
        "left_out": [{"customer": _named(each.customer), "missing": each.missing} for each in found.left_out],
    }


def _as_shown(document: Document) -> dict[str, Any]:
    sums = {name: getattr(document, name) for name in _SUMS}
    return {"number": document.number, "customer": _named(document.customer), **sums}


def _named(customer: Customer) -> dict[str, Any]:
    return {"id": customer.pk, "public_id": str(customer.public_id), "name": customer.name}


def _figures(stored: dict[str, Any]) -> ClosingFigures:
    days = {name: date.fromisoformat(stored[name]) for name in ("closes_on", "issue_on")}
    rates = tuple(RateFigures(**each) for each in stored["rates"])
    return ClosingFigures(**{**stored, **days, "rates": rates})


def _document(stored: dict[str, Any]) -> Document:
    return Document(**{**stored, "customer": Customer(**stored["customer"])})


def _left_out(stored: dict[str, Any]) -> LeftOut:
    return LeftOut(customer=Customer(**stored["customer"]), missing=stored["missing"])


def _enqueue(run: PreviewRun) -> None:
    from invoices.tasks import preview_closing_asked_for

    preview_closing_asked_for.enqueue(run.pk)
