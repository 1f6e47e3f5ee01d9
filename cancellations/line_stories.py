"""The story of each line of an order: ordered, delivered, billed, paid, cancelled, returned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Member
from billing_project import clock
from cancellations.models import Cancellation
from cancellations.selectors import cancellations_of
from invoices.models import Allocation, DocumentLine
from invoices.panel import Standing, standing_of, visible_documents
from orders.models import LineState, Order, OrderLine


@dataclass(frozen=True)
class LineStep:
    """One step on a day; `href` leads to the document it is about. `open`: it has still to come."""

    day: date | None
    title: str
    href: str = ""
    open: bool = False


def line_stories(order: Order, lines: Iterable[OrderLine], member: Member) -> dict[int, list[LineStep]]:
    """By position, for what this member may see; three questions for all lines together."""
    cancelled = {each.line_id: each for each in cancellations_of(order)}
    billed = _documents_by_charge(order, member)
    return {line.position: _story(order, line, cancelled.get(line.pk), billed) for line in lines}


def _story(
    order: Order, line: OrderLine, cancellation: Cancellation | None, billed: dict[int, list[Any]]
) -> list[LineStep]:
    steps = [LineStep(order.ordered_on, _("Ordered"))]
    if line.delivered_on:
        steps.append(LineStep(line.delivered_on, _("Delivered")))
    steps += _of_documents(billed.get(line.charge_id or 0, ()))
    if line.revoked_at:
        steps.append(LineStep(localtime(line.revoked_at).date(), _("Revoked")))
    if cancellation is not None:
        steps.append(LineStep(localtime(cancellation.cancelled_at).date(), _("Cancelled")))
        steps += _of_documents(billed.get(cancellation.reversal_id or 0, ()))
    elif line.state == LineState.OPEN and order.last_delivery_on:
        steps.append(LineStep(order.last_delivery_on, _("Last day for delivery"), open=True))
    return steps


def _of_documents(documents: Iterable[Any]) -> list[LineStep]:
    steps = []
    for document in documents:
        href = reverse("invoices:detail", args=[document.public_id])
        words = {"kind": document.get_kind_display(), "number": document.number}
        steps.append(LineStep(document.issued_on, _("%(kind)s %(number)s") % words, href))
        steps += _payment(document)
    return steps


def _payment(document: Any) -> list[LineStep]:
    standing = standing_of(document, clock.today())
    if standing == Standing.PAID and document.paid_at:
        return [LineStep(localtime(document.paid_at).date(), _("Paid"))]
    if standing in (Standing.OPEN, Standing.PARTLY_PAID, Standing.OVERDUE):
        return [LineStep(document.open_due, _("To be paid"), open=True)]
    return []


def _documents_by_charge(order: Order, member: Member) -> dict[int, list[Any]]:
    named = DocumentLine.objects.filter(order_number=order.number, charge__isnull=False)
    pairs = list(named.values_list("charge_id", "document_id"))
    ids = {document for _charge, document in pairs}
    if not ids:
        return {}
    documents = {each.pk: each for each in visible_documents(member).filter(pk__in=ids)}
    paid = Allocation.objects.filter(document__in=documents, amount__gt=0).values_list("document")
    moments = dict(paid.annotate(Max("recorded_at")).order_by())
    found: dict[int, list[Any]] = defaultdict(list)
    for charge, document_id in pairs:
        if document := documents.get(document_id):
            document.paid_at = moments.get(document_id)
            found[charge].append(document)
    for each in found.values():
        each.sort(key=lambda document: document.issued_at)
    return found
