"""What a person may try with a transfer that matched nobody: never certain, so never booked by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from accounts.models import Customer
from invoices.models import Document, OpenItem
from payments.models import Payment
from payments.rules import USUAL_FEE, PayerIndex
from payments.selectors.payers import payer_index

MOST = 10


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A customer it may be, the open documents with that sum, and what speaks for it.

    `by_name`: the name fits several customers, or begins alike. `by_sum`: a document, or all that is open,
    is of this sum. `by_fee`: a document is short of it by no more than a usual transfer fee.
    """

    customer: Customer
    documents: tuple[Document, ...]
    by_name: bool
    by_sum: bool
    by_fee: bool


def suggestions(payment: Payment) -> list[Suggestion]:
    """At most ten: those for whom both name and sum speak come first."""
    return suggestions_for([payment])[payment.pk]


def suggestions_for(payments: Sequence[Payment]) -> dict[int, list[Suggestion]]:
    """The same for several transfers (by id), with one look at all customers."""
    index = payer_index()
    all_open = _owing_in_all({payment.amount for payment in payments})
    return {
        payment.pk: _suggested(payment, _alike(payment, index), all_open.get(payment.amount, set()))
        for payment in payments
    }


def _suggested(payment: Payment, named: set[int], all_open: set[int]) -> list[Suggestion]:
    exact = _of_sum(payment.amount, named)
    near = list(
        OpenItem.objects.filter(
            open_amount__gt=payment.amount, open_amount__lte=payment.amount + USUAL_FEE, customer_id__in=named
        ).order_by("due_on", "id")
    )
    by_sum = {item.customer_id for item in exact} | all_open
    ranked = sorted(named | by_sum, key=lambda pk: (-(pk in named) - (pk in by_sum), pk not in named, pk))
    customers = Customer.objects.in_bulk(ranked[:MOST])
    documents = Document.objects.in_bulk([item.document_id for item in (*exact, *near)])
    return [
        Suggestion(
            customer=customers[pk],
            documents=tuple(
                documents[item.document_id] for item in (*exact, *near) if item.customer_id == pk
            ),
            by_name=pk in named,
            by_sum=pk in by_sum,
            by_fee=any(item.customer_id == pk for item in near),
        )
        for pk in ranked[:MOST]
    ]


def _of_sum(amount: int, named: set[int]) -> list[OpenItem]:
    """Open documents of this sum: all of the customers named, of the others as many as can be shown."""
    items = OpenItem.objects.filter(open_amount=amount).order_by("due_on", "id")
    return [*items.filter(customer_id__in=named), *items.exclude(customer_id__in=named)[:MOST]]


def suggested_among(payments: Sequence[Payment], index: PayerIndex) -> list[Payment]:
    """Those for which there is any suggestion."""
    amounts = {payment.amount for payment in payments}
    sums = set(OpenItem.objects.filter(open_amount__in=amounts).values_list("open_amount", flat=True))
    sums |= set(_owing_in_all(amounts))
    return [payment for payment in payments if payment.amount in sums or _alike(payment, index)]


def _alike(payment: Payment, index: PayerIndex) -> set[int]:
    found = index.find(payment.payer_name, payer_code=payment.payer_code)
    return found | index.similar(payment.payer_name)


def _owing_in_all(amounts: Iterable[int]) -> dict[int, set[int]]:
    """Customers all of whose open documents add up to one of these sums."""
    owing = OpenItem.objects.filter(open_amount__gt=0).values("customer").annotate(total=Sum("open_amount"))
    found: dict[int, set[int]] = {}
    for customer_id, total in owing.filter(total__in=set(amounts)).values_list("customer", "total"):
        found.setdefault(total, set()).add(customer_id)
    return found
