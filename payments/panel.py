"""What a customer has paid, how, and for which documents; asked in the tenant's context."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Customer
from invoices.models import Allocation, AllocationSource, Document
from payments.models import CardPayment, CardPaymentState, Match

_SHOWN_CARDS = (CardPaymentState.SUCCEEDED, CardPaymentState.CHARGED_BACK)


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment in yen; `documents` are those it pays now and how much; `refunded` is back on the card."""

    day: date
    method: str
    source: str
    amount: int
    documents: tuple[tuple[Document, int], ...]
    refunded: int = 0
    note: str = ""

    @property
    def rest(self) -> int:
        """What no document took: it became deposit, or went back."""
        return self.amount - sum(part for _document, part in self.documents)


def payments_of(customer: Customer) -> list[Paid]:
    """Transfers and card payments, newest first."""
    return sorted([*_transfers(customer), *_cards(customer)], key=lambda paid: paid.day, reverse=True)


def _transfers(customer: Customer) -> list[Paid]:
    matches = list(
        Match.objects.filter(customer=customer, undone_at=None).select_related("payment").order_by("-pk")
    )
    parts = _parts(AllocationSource.PAYMENT, [match.payment_id for match in matches], customer)
    return [
        Paid(
            day=match.payment.received_on,
            method=match.payment.get_method_display(),
            source=match.payment.payer_name,
            amount=match.amount,
            documents=parts[match.payment_id],
            note=_("%(amount)s yen of the fee were let go.") % {"amount": f"{match.written_off:,}"}
            if match.written_off
            else "",
        )
        for match in matches
    ]


def _cards(customer: Customer) -> list[Paid]:
    charged = CardPayment.objects.filter(customer=customer, state__in=_SHOWN_CARDS)
    payments = list(charged.select_related("card").order_by("-pk"))
    parts = _parts(AllocationSource.CARD, [payment.pk for payment in payments], customer)
    return [
        Paid(
            day=localtime(payment.settled_at or payment.intended_at).date(),
            method=_("Card"),
            source=f"{payment.card} {payment.order_number}",
            amount=payment.amount,
            documents=parts[payment.pk],
            refunded=payment.refunded,
            note=str(payment.get_state_display()) if payment.state == CardPaymentState.CHARGED_BACK else "",
        )
        for payment in payments
    ]


def _parts(
    source: AllocationSource, ids: Sequence[int], customer: Customer
) -> dict[int, tuple[tuple[Document, int], ...]]:
    """Of each source the documents it pays, what was undone left out."""
    rows = Allocation.objects.filter(source=source, source_id__in=ids, document__customer=customer)
    sums: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for source_id, document_id, amount in rows.order_by("id").values_list("source_id", "document", "amount"):
        sums[source_id][document_id] += amount
    documents = Document.objects.in_bulk([pk for each in sums.values() for pk in each])
    return defaultdict(
        tuple,
        {
            source_id: tuple((documents[pk], amount) for pk, amount in each.items() if amount)
            for source_id, each in sums.items()
        },
    )
