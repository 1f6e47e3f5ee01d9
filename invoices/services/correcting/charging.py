"""The charges of a correction: those that take back what the old document billed, and the new ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from accounts.models import Addressee
from accounts.policy.choices import TaxCategory
from invoices.correction_rules import CorrectedLine
from invoices.models import Charge, Document, DocumentLine
from invoices.services.charges import BATCH
from invoices.services.correcting.standing import Standing
from invoices.services.gate import next_moment
from invoices.tax import rate_on

_OF_THE_SALE = (
    "customer_id",
    "payment_method",
    "order_number",
    "service_from",
    "service_until",
    "unit",
    "tax_inclusive",
)
_OF_THE_PRICE = ("addressee_id", "description", "unit_price", "tax_category", "tax_rate")


def record_correcting_charges(
    document: Document,
    standing: Standing,
    lines: Iterable[CorrectedLine],
    addressee: Addressee,
    on: date,
) -> list[Charge]:
    """Reverses every charge that stands on the document; gives the charges of the corrected one.

    All of them name the document, so that no closing takes them. The caller has passed the gate. Raises
    Refusal `no_tax_rate`.
    """
    moment = next_moment()
    rows = {row.position: row for row in standing.rows}
    reversals = [
        Charge(**_reversal(row.charge, on), corrects=document, recorded_at=moment) for row in standing.rows
    ]
    restated = [
        Charge(
            **_restated(document, rows.get(line.of or 0), line),
            addressee=addressee,
            billable_from=on,
            corrects=document,
            recorded_at=moment,
        )
        for line in lines
    ]
    Charge.objects.bulk_create(reversals, batch_size=BATCH)
    created: list[Charge] = Charge.objects.bulk_create(restated, batch_size=BATCH)
    return created


def _reversal(charge: Charge, on: date) -> dict[str, Any]:
    return {
        **{name: getattr(charge, name) for name in (*_OF_THE_SALE, *_OF_THE_PRICE)},
        "transaction_date": on,
        "billable_from": on,
        "quantity": -charge.quantity,
        "amount": -charge.amount,
        "reverses": charge,
    }


def _restated(document: Document, row: DocumentLine | None, line: CorrectedLine) -> dict[str, Any]:
    return {
        **(_as_sold(row.charge) if row else _new_sale(document, line)),
        "description": line.description.strip(),
        "transaction_date": line.transaction_date,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "amount": line.quantity * line.unit_price,
        "tax_category": line.tax_category,
        "tax_rate": _rate(row, line),
    }


def _as_sold(charge: Charge) -> dict[str, Any]:
    return {
        **{name: getattr(charge, name) for name in _OF_THE_SALE},
        "reverses_id": charge.reverses_id,
        "stands_for_id": charge.stands_for_id or charge.pk,
    }


def _new_sale(document: Document, line: CorrectedLine) -> dict[str, Any]:
    return {
        "customer_id": document.customer_id,
        "payment_method": document.payment_method,
        "tax_inclusive": document.tax_inclusive,
        "unit": line.unit,
    }


def _rate(row: DocumentLine | None, line: CorrectedLine) -> int | None:
    """The rate of the day of supply; what keeps category and day keeps its rate, also that of a return."""
    if row and (row.tax_category, row.transaction_date) == (line.tax_category, line.transaction_date):
        kept: int | None = row.charge.tax_rate
        return kept
    return rate_on(TaxCategory(line.tax_category), line.transaction_date)


def rated(charges: Sequence[Charge], *, taxed: bool) -> list[tuple[TaxCategory, int | None, int]]:
    """What the charges add to each rate of their document; without rates where none is stated."""
    return [
        (TaxCategory(charge.tax_category), charge.tax_rate if taxed else None, charge.amount)
        for charge in charges
    ]
