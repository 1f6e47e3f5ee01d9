"""Return invoices for what was cancelled after it had been billed (A14, A15, A17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from billing_project.money import Rounding
from invoices.models import Charge, Document, DocumentKind, DocumentLine
from invoices.services.issuing import Terms, issue_documents_of_charges
from invoices.services.settlement import surplus_of
from orders.models import Order
from orders.selectors import charges_behind, refunds_to_card
from payments.services.cards import intend_refund


def return_what_was_billed(reversals: Iterable[Charge], *, on: date) -> list[Document]:
    """One return invoice, issued at once, for each document that names a charge of these reversals.

    It lowers what is open of that document, and the surplus becomes free deposit; it is mailed. Rounding is
    the document's own (X9). Reversals of charges that are on no document stay off every document (A16).
    """
    undone = {reversal.reverses_id: reversal for reversal in reversals}
    billed: dict[int, list[Charge]] = defaultdict(list)
    for document_id, charge_id in DocumentLine.objects.filter(charge__in=undone).values_list(
        "document_id", "charge_id"
    ):
        billed[document_id].append(undone[charge_id])
    originals = Document.objects.filter(pk__in=billed).order_by("pk")
    return [document for original in originals for document in _return(original, billed[original.pk], on)]


def refund_returns(order: Order, returns: Iterable[Document]) -> int:
    """What returns leave over of card orders goes back to the cards at once (A14); gives it in yen.

    By the policy of the order's day (X10) it may stay deposit instead.
    """
    if not refunds_to_card(order):
        return 0
    return sum(_refund(order, document) for document in returns)


def _refund(order: Order, document: Document) -> int:
    surplus = left = surplus_of(document)
    for payment in charges_behind(order, document.original_id):
        part = min(left, payment.amount - payment.refunded)
        if part > 0:
            intend_refund(card_payment=payment, amount=part, reason=document.number)
            left -= part
    return surplus - left


def _return(original: Document, reversals: list[Charge], on: date) -> list[Document]:
    terms = Terms(
        issued_on=on,
        rounding=Rounding(original.tax_rounding),
        apply_deposit=False,
        due_on={},
        kind=DocumentKind.RETURN_INVOICE,
    )
    return issue_documents_of_charges(charges=reversals, terms=terms, original=original)
