"""The print queue (A18): documents asked for on paper, and the merged PDF of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing_project import clock
from billing_project.audit.services import current_actor, record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import Document, PaperRequest
from invoices.rendering.merging import Sheet, merge
from invoices.rules import check_on_paper
from invoices.services.files import ensure_file


@dataclass(frozen=True, slots=True)
class QueueDay:
    """How many documents a day of the queue holds, how many wait, and when it was printed."""

    day: date
    documents: int
    waiting: int
    printed_at: datetime | None


@transaction.atomic
def ask_for_paper(*, document: Document) -> PaperRequest:
    """Puts the document into today's queue; one that waits already stays where it is.

    Raises Refusal `not_on_paper` for a return invoice.
    """
    check_on_paper(document.kind)
    asked: PaperRequest
    asked, is_new = PaperRequest.objects.get_or_create(
        document=document,
        printed_at=None,
        defaults={
            "asked_on": clock.today(current_tenant().zone),
            "asked_at": clock.now(),
            "asked_by": current_actor().label,
        },
    )
    if is_new:
        record("paper_asked_for", document)
    return asked


@transaction.atomic
def print_day(*, day: date, again: bool = False) -> bytes:
    """All documents of the day's queue as one PDF, with a list of them in front; they count as printed.

    Raises Refusal `invalid_input` for a day without documents, `already_decided` for one that was printed
    whole, unless it is to be printed `again`.
    """
    queue = PaperRequest.objects.select_for_update(of=("self",)).filter(asked_on=day)
    requests = list(queue.select_related("document__customer", "document__addressee").order_by("pk"))
    if not requests:
        raise Refusal(Code.INVALID_INPUT, _("Nothing was asked for on paper on this day."))
    waiting = [each for each in requests if each.printed_at is None]
    if not waiting and not again:
        raise Refusal(
            Code.ALREADY_DECIDED, _("This day has been printed already. Tick “print again” to repeat it.")
        )
    pdf = merge(day, [_sheet(each.document) for each in requests])
    PaperRequest.objects.filter(pk__in=[each.pk for each in waiting]).update(printed_at=clock.now())
    record(
        "paper_printed", day=day.isoformat(), documents=[str(each) for each in requests], again=not waiting
    )
    return pdf


def queue_days() -> list[QueueDay]:
    """The days of the queue, the newest first."""
    days = (
        PaperRequest.objects.order_by("-asked_on")
        .values_list("asked_on")
        .annotate(
            documents=Count("pk"), waiting=Count("pk", filter=Q(printed_at=None)), last=Max("printed_at")
        )
    )
    return [QueueDay(*row) for row in days]


def waiting_on_paper(document: Document) -> PaperRequest | None:
    """The document's place in the queue, while it waits there."""
    waiting: QuerySet[PaperRequest] = PaperRequest.objects.filter(document=document, printed_at=None)
    return waiting.first()


def _sheet(document: Document) -> Sheet:
    addressee = document.addressee
    return Sheet(
        number=document.number,
        kind=document.get_kind_display(),
        addressee=f"{addressee.company_name} {addressee.contact_name}".strip(),
        address=f"{addressee.postcode} {addressee.address}".strip(),
        pdf=bytes(ensure_file(document).content),
    )
