"""What a member sees of its company's documents (S3), and how each stands. In the tenant's context."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.policy.choices import TaxCategory
from accounts.rules import Right, may
from billing_project.errors import Text
from invoices.models import (
    Allocation,
    AllocationSource,
    Document,
    DocumentKind,
    DocumentLine,
    DocumentTax,
    OpenItem,
)
from invoices.tax import TaxSum

_NOTHING_LOST = Q(written_off=None) | Q(written_off=0)
_own_orders: list[Callable[[Member], QuerySet[Any]]] = []


class Standing(StrEnum):
    """How a document stands with money today."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    OVERDUE = "overdue"
    PAID = "paid"
    WRITTEN_OFF = "written_off"
    SETTLED = "settled"
    REPLACED = "replaced"


STANDINGS: dict[Standing, Text] = {
    Standing.OPEN: _("To be paid"),
    Standing.PARTLY_PAID: _("Partly paid"),
    Standing.OVERDUE: _("Overdue"),
    Standing.PAID: _("Paid"),
    Standing.WRITTEN_OFF: _("Written off"),
    Standing.SETTLED: _("Nothing to pay"),
    Standing.REPLACED: _("Replaced by a corrected one"),
}


SOUGHT = (Standing.OPEN, Standing.OVERDUE, Standing.PAID, Standing.WRITTEN_OFF)
"""The standings that `in_standing` tells apart."""


@dataclass(frozen=True)
class Owed:
    """Sums in yen over some documents; `next_due` is the first due date that has not passed."""

    total: int
    overdue: int
    overdue_count: int
    count: int
    next_due: date | None
    next_amount: int


def register_own_orders(question: Callable[[Member], QuerySet[Any]]) -> None:
    """The floor of orders says what a member ordered: `question(member)` gives the order numbers."""
    _own_orders.append(question)


def visible_documents(member: Member) -> QuerySet[Any]:
    """The documents that the member may see, `with_open_item`."""
    return with_open_item(documents_of_member(member))


def documents_of_member(member: Member) -> QuerySet[Document]:
    """The documents that the member may see, newest first.

    Who may not see all sees the documents whose lines all come from own orders: a closing's invoice with
    somebody else's orders on it would show those too.
    """
    found: QuerySet[Document] = Document.objects.filter(customer=member.customer_id)
    found = found.order_by("-issued_on", "-id")
    if not may(member.roles, Right.SEE_ALL_DOCUMENTS):
        found = found.filter(_only_own(member))
    return found


def selected(documents: QuerySet[Any], chosen: Iterable[str]) -> QuerySet[Any]:
    """Those of the documents that were ticked, by their public ids; what cannot be read is none of them."""
    return documents.filter(public_id__in=[found for each in chosen if (found := _public_id(each))])


def _public_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def with_open_item(documents: QuerySet[Document]) -> QuerySet[Any]:
    """With `open_amount` in yen, None where no money was ever asked for, `open_due`, `written_off`: what was
    given up as bad debt, in yen, None when nothing ever was, and `replaced_by`.
    """
    return documents.annotate(
        open_amount=of_open_item("open_amount"),
        open_due=of_open_item("due_on"),
        written_off=given_up(),
        replaced_by=replaced_by(),
    )


def replaced_by() -> Subquery:
    """The number of the corrected document that replaces a document, None where there is none."""
    newer = Document.objects.filter(original=OuterRef("pk"), kind=DocumentKind.CORRECTED_INVOICE)
    return Subquery(newer.values("number")[:1])


def standing_of(document: Any, today: date) -> Standing:
    """Of a document `with_open_item`. What was given up is not paid, whatever else was."""
    open_amount, due = document.open_amount, document.open_due
    if document.replaced_by and not open_amount:
        return Standing.REPLACED
    if open_amount == 0 and document.written_off:
        return Standing.WRITTEN_OFF
    if open_amount is None or (open_amount == 0 and document.total <= 0):
        return Standing.SETTLED
    if open_amount == 0:
        return Standing.PAID
    if due is not None and due < today:
        return Standing.OVERDUE
    return Standing.PARTLY_PAID if open_amount < document.to_pay else Standing.OPEN


def in_standing(documents: QuerySet[Any], standing: str, today: date) -> QuerySet[Any]:
    """The documents that are still to be paid (`open`), overdue among them (`overdue`), paid (`paid`) or
    given up (`written_off`).
    """
    items = OpenItem.objects.filter(document=OuterRef("pk"))
    if standing == Standing.OPEN:
        return documents.filter(Exists(items.filter(open_amount__gt=0)))
    if standing == Standing.OVERDUE:
        return documents.filter(Exists(items.filter(open_amount__gt=0, due_on__lt=today)))
    if standing == Standing.PAID:
        return documents.filter(
            _NOTHING_LOST, Exists(items.filter(open_amount=0)), total__gt=0, replaced_by=None
        )
    if standing == Standing.WRITTEN_OFF:
        return documents.filter(Exists(items.filter(open_amount=0)), written_off__gt=0)
    return documents


def sums_of(document: Document) -> list[TaxSum]:
    """Net and tax per rate as the document states them."""
    taxes = DocumentTax.objects.filter(document=document).order_by("-tax_rate", "pk")
    return [TaxSum(TaxCategory(tax.tax_category), tax.tax_rate, tax.net, tax.tax) for tax in taxes]


def owed(documents: QuerySet[Document], today: date) -> Owed:
    """What is open on these documents."""
    items = OpenItem.objects.filter(open_amount__gt=0, document__in=documents.order_by().values("pk"))
    days = items.order_by("due_on").values_list("due_on").annotate(Sum("open_amount"), Count("pk"))
    return _owed_on(list(days), today)


def owed_on(items: Iterable[OpenItem], today: date) -> Owed:
    """What these open items, in the order of their due dates, come to."""
    return _owed_on([(item.due_on, item.open_amount, 1) for item in items], today)


def open_items(member: Member) -> list[OpenItem]:
    """What the member may see of what its company owes, with the documents; the next due first."""
    items = OpenItem.objects.filter(
        customer=member.customer_id,
        open_amount__gt=0,
        document__in=documents_of_member(member).order_by().values("pk"),
    )
    return list(items.select_related("document").order_by("due_on", "pk"))


def _owed_on(days: list[tuple[date | None, int, int]], today: date) -> Owed:
    late = [(amount, count) for due, amount, count in days if due is not None and due < today]
    coming = [(due, amount) for due, amount, _count in days if due is not None and due >= today]
    next_due = coming[0][0] if coming else None
    return Owed(
        total=sum(amount for _due, amount, _count in days),
        count=sum(count for _due, _amount, count in days),
        overdue=sum(amount for amount, _count in late),
        overdue_count=sum(count for _amount, count in late),
        next_due=next_due,
        next_amount=sum(amount for due, amount in coming if due == next_due),
    )


def _only_own(member: Member) -> Q:
    lines = DocumentLine.objects.filter(document=OuterRef("pk"))
    of_others = lines
    for question in _own_orders:
        of_others = of_others.exclude(order_number__in=question(member))
    return Exists(lines) & ~Exists(of_others)


def given_up() -> Subquery:
    lost = Allocation.objects.filter(document=OuterRef("pk"), source=AllocationSource.BAD_DEBT)
    return Subquery(lost.order_by().values("document").annotate(sum=Sum("amount")).values("sum"))


def of_open_item(field: str) -> Subquery:
    return Subquery(OpenItem.objects.filter(document=OuterRef("pk")).values(field)[:1])
