"""What a person may try with a transfer that matched nobody: never certain, so never booked by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Sum, Window
from django.db.models.functions import RowNumber

from accounts.models import Customer
from invoices.models import Document, OpenItem
from payments.models import Payment
from payments.rules import USUAL_FEE, PayerIndex
from payments.selectors.payers import kept_payer_index

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
    """The same for several transfers (by id), with one look at all customers and few questions for all."""
    weighed = _weighed(payments)
    customers = Customer.objects.in_bulk({pk for each in weighed for pk in each.ranked})
    shown = {item.document_id for each in weighed for item in each.items if item.customer_id in each.ranked}
    documents = Document.objects.in_bulk(shown)
    return {
        each.payment.pk: [each.suggestion(customers[pk], documents) for pk in each.ranked] for each in weighed
    }


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What speaks for whom, best first; `exact` are open documents of the sum, `near` lack a usual fee."""

    payment: Payment
    named: set[int]
    by_sum: set[int]
    ranked: list[int]
    exact: list[OpenItem]
    near: list[OpenItem]

    @property
    def items(self) -> list[OpenItem]:
        return [*self.exact, *self.near]

    def suggestion(self, customer: Customer, documents: dict[int, Document]) -> Suggestion:
        pk = customer.pk
        return Suggestion(
            customer=customer,
            documents=tuple(documents[item.document_id] for item in self.items if item.customer_id == pk),
            by_name=pk in self.named,
            by_sum=pk in self.by_sum,
            by_fee=any(item.customer_id == pk for item in self.near),
        )


def _weighed(payments: Sequence[Payment]) -> list[_Weighed]:
    index = kept_payer_index()
    named = {payment.pk: _alike(payment, index) for payment in payments}
    amounts = {payment.amount for payment in payments}
    all_open = _owing_in_all(amounts)
    theirs = _items_of({pk for found in named.values() for pk in found})
    of_sums = _items_of_sums(amounts, most=MOST + len(theirs))
    return [
        _weigh(payment, named[payment.pk], all_open.get(payment.amount, set()), theirs, of_sums)
        for payment in payments
    ]


def _weigh(
    payment: Payment, named: set[int], all_open: set[int], theirs: list[OpenItem], of_sums: list[OpenItem]
) -> _Weighed:
    """Open documents of the sum: all of the customers named, of the others as many as can be shown."""
    amount = payment.amount
    own = [item for item in theirs if item.customer_id in named]
    others = [item for item in of_sums if item.open_amount == amount and item.customer_id not in named]
    exact = [*(item for item in own if item.open_amount == amount), *others[:MOST]]
    near = [item for item in own if amount < item.open_amount <= amount + USUAL_FEE]
    by_sum = {item.customer_id for item in exact} | all_open
    return _Weighed(payment, named, by_sum, _ranked(named, by_sum), exact, near)


def _ranked(named: set[int], by_sum: set[int]) -> list[int]:
    def rank(pk: int) -> tuple[int, bool, int]:
        return -(pk in named) - (pk in by_sum), pk not in named, pk

    return sorted(named | by_sum, key=rank)[:MOST]


def _items_of(customers: set[int]) -> list[OpenItem]:
    found = OpenItem.objects.filter(customer_id__in=customers, open_amount__gt=0)
    return list(found.order_by("due_on", "id"))


def _items_of_sums(amounts: set[int], *, most: int) -> list[OpenItem]:
    """The oldest open documents of each of these sums."""
    place = Window(RowNumber(), partition_by=F("open_amount"), order_by=(F("due_on"), F("id")))
    found = OpenItem.objects.filter(open_amount__in=amounts).annotate(place=place)
    return list(found.filter(place__lte=most).order_by("due_on", "id"))


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
