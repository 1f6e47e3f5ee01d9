"""What waits for a person in the matter of closings and documents."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.backoffice.inbox import Kind, waits
from billing_project.jobs.runs import RunState, troubled
from invoices.models import Document, DocumentExport, MonthRun, PaperRequest, PreviewRun, WrongRecipient


def _months() -> QuerySet[MonthRun]:
    """Closings asked for that went wrong, and for whose month nobody has asked again."""
    again = MonthRun.objects.filter(month=OuterRef("month"), pk__gt=OuterRef("pk"))
    return troubled(MonthRun).exclude(Exists(again))


def _previews() -> QuerySet[PreviewRun]:
    """What broke off and nobody has asked for again; a refusal was told to whoever asked."""
    again = PreviewRun.objects.filter(month=OuterRef("month"), pk__gt=OuterRef("pk"))
    return troubled(PreviewRun).exclude(state=RunState.REFUSED).exclude(Exists(again))


def _exports() -> QuerySet[DocumentExport]:
    return troubled(DocumentExport).filter(expires_at__gt=clock.now())


def _wrong() -> QuerySet[WrongRecipient]:
    return WrongRecipient.objects.filter(handled_at=None)


def _paper() -> QuerySet[PaperRequest]:
    return PaperRequest.objects.filter(printed_at=None)


waits(
    40,
    Kind(
        "month_runs",
        _("Closings asked for that did not succeed"),
        MonthRun,
        _months,
        since="asked_at",
        what="month",
        why="message",
        tone="danger",
    ),
)
waits(
    46,
    Kind(
        "preview_runs",
        _("Previews of closings that did not succeed"),
        PreviewRun,
        _previews,
        since="asked_at",
        what="month",
        why="message",
    ),
)
waits(
    45,
    Kind(
        "paper",
        _("Documents to be printed"),
        Document,
        _paper,
        since="asked_on",
        what=Concat(F("document__number"), Value(" "), F("document__customer__name")),
        why="asked_by",
        amount="document__total",
        key="document_id",
        tone="info",
    ),
)
waits(
    46,
    Kind(
        "exports",
        _("Exports of documents that did not succeed"),
        DocumentExport,
        _exports,
        since="asked_at",
        what="asked_by",
        why="message",
    ),
)
waits(
    30,
    Kind(
        "wrong",
        _("Documents that reached the wrong person"),
        WrongRecipient,
        _wrong,
        since="reported_at",
        what="document__number",
        why="note",
        amount="document__total",
        acts=("seen-to",),
    ),
)
