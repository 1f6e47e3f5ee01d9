"""Questions about charges, closings and documents, asked in the tenant's context."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from accounts.selectors import policy_on
from billing_project.calendar import Month
from invoices.models import Charge, Closing, Document, DocumentKind, DocumentLine, DocumentTax, LeftOut
from invoices.rules import closing_day_in

KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class RateFigures:
    """The sums of one category and rate (percent, None without tax) over many documents, in yen."""

    category: str
    rate: int | None
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class ClosingFigures:
    """What a closing came to; counts, and sums in yen. `left_out`: customers whom it could not bill."""

    closes_on: date
    issue_on: date
    state: str
    documents: int
    lines: int
    customers: int
    net: int
    tax: int
    total: int
    deposit_applied: int
    to_pay: int
    left_out: int
    kinds: dict[str, int]
    rates: tuple[RateFigures, ...]


def is_billed(charge: Charge) -> bool:
    """Whether a document names the charge."""
    return DocumentLine.objects.filter(charge=charge).exists()


def charge_that_stands(charge: Charge) -> Charge | None:
    """The charge itself or, after corrections (X1), the newest one that restates it; None when undone.

    Exact behind the billing gate while the customer's balance is locked.
    """
    chain = [charge, *Charge.objects.filter(stands_for=charge.stands_for_id or charge.pk).order_by("pk")]
    if Charge.objects.filter(reverses=chain[-1]).exists():
        return None
    returned = Charge.objects.filter(reverses__in=chain, corrects=None)
    return None if returned.exists() else chain[-1]


def with_restated(charge_ids: QuerySet[Any]) -> QuerySet[Any]:
    """Ids of these charges and of those of corrected documents that restate them; for a subquery."""
    restated = Charge.objects.filter(stands_for__in=charge_ids).values_list("pk", flat=True)
    return charge_ids.union(restated)


def first_charges(charge_ids: Iterable[int]) -> set[int]:
    """The charges as they were first recorded: what a corrected document restates stands for them."""
    found = Charge.objects.filter(pk__in=list(charge_ids)).values_list("pk", "stands_for_id")
    return {stands_for or pk for pk, stands_for in found}


def correction_of(document: Document) -> Document | None:
    """The corrected document that replaces this one."""
    found: Document | None = Document.objects.filter(
        original=document, kind=DocumentKind.CORRECTED_INVOICE
    ).first()
    return found


def closing_day_of(month: Month) -> date | None:
    """The closing day in this month under the policy that holds on it; None when bills follow terms."""
    return closing_day_in(policy_on(month.last_day), month)


def documents_of(closing: Closing) -> QuerySet[Document]:
    """Its documents in the order of their numbers, with customer and addressee."""
    documents: QuerySet[Document] = Document.objects.filter(closing=closing)
    return documents.select_related("customer", "addressee").order_by("kind", "year", "serial")


def closing_figures(closing: Closing) -> ClosingFigures:
    """The sums over the documents of a closing; all nought before they are issued."""
    documents = Document.objects.filter(closing=closing)
    sums = documents.aggregate(
        documents=Count("pk"),
        customers=Count("customer_id", distinct=True),
        **{name: Sum(column, default=0) for name, column in _SUMS.items()},
    )
    return ClosingFigures(
        closes_on=closing.closes_on,
        issue_on=closing.issue_on,
        state=closing.state,
        lines=closing.line_count,
        left_out=LeftOut.objects.filter(closing=closing, settled_at=None).count(),
        kinds=dict(documents.order_by("kind").values_list("kind").annotate(count=Count("pk"))),
        rates=_kept_rates(closing, sums["documents"]),
        **sums,
    )


_SUMS = {
    "net": "net_total",
    "tax": "tax_total",
    "total": "total",
    "deposit_applied": "deposit_applied",
    "to_pay": "to_pay",
}


def _kept_rates(closing: Closing, documents: int) -> tuple[RateFigures, ...]:
    """Documents are only ever added: as long as the closing has so many, its rates stay."""
    key = f"closing_rates:{closing.public_id}:{documents}"
    rates: tuple[RateFigures, ...] | None = cache.get(key)
    if rates is None:
        rates = _rates(closing)
        cache.set(key, rates, KEPT_SECONDS)
    return rates


def _rates(closing: Closing) -> tuple[RateFigures, ...]:
    rows: Any = (
        DocumentTax.objects.filter(document__closing=closing)
        .values_list("tax_category", "tax_rate")
        .annotate(net=Sum("net"), tax=Sum("tax"))
        .order_by("tax_category", "-tax_rate")
    )
    return tuple(RateFigures(*row) for row in rows)
