"""What still stands of a document: its lines and figures less what its return invoices took back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from accounts.policy.choices import TaxCategory
from invoices.correction_rules import CorrectedLine, StandingLine
from invoices.models import Charge, Document, DocumentKind, DocumentLine, DocumentTax
from invoices.tax import TaxSum


@dataclass(frozen=True, slots=True)
class Standing:
    """`rows` are the stored lines in order, `lines` the same as a correction sees them; `sums` per rate."""

    rows: tuple[DocumentLine, ...]
    lines: tuple[StandingLine, ...]
    sums: tuple[TaxSum, ...]

    @property
    def total(self) -> int:
        """In yen, with tax."""
        return sum(each.gross for each in self.sums)


def standing_of(document: Document) -> Standing:
    """Exact behind the billing gate while the customer's balance is locked."""
    returns = Document.objects.filter(original=document, kind=DocumentKind.RETURN_INVOICE)
    returned = set(
        DocumentLine.objects.filter(document__in=returns).values_list("charge__reverses_id", flat=True)
    )
    lines = DocumentLine.objects.filter(document=document).select_related("charge").order_by("position")
    rows = tuple(row for row in lines if row.charge_id not in returned)
    elsewhere = _taken_back_elsewhere(rows)
    return Standing(
        rows=rows,
        lines=tuple(_line(row, fixed=_is_return(row) or row.charge_id in elsewhere) for row in rows),
        sums=_sums([document.pk, *returns.values_list("pk", flat=True)]),
    )


def _taken_back_elsewhere(rows: tuple[DocumentLine, ...]) -> set[int | None]:
    """Charges whose reversal is on another bill, or waits for the next one."""
    reversals = Charge.objects.filter(reverses__in=[row.charge_id for row in rows], corrects=None)
    return set(reversals.values_list("reverses_id", flat=True))


def _is_return(row: DocumentLine) -> bool:
    return row.quantity < 0


def _line(row: DocumentLine, *, fixed: bool) -> StandingLine:
    line = CorrectedLine(
        description=row.description,
        quantity=row.quantity,
        unit_price=row.unit_price,
        tax_category=row.tax_category,
        transaction_date=row.transaction_date,
        of=row.position,
        unit=row.unit,
    )
    return StandingLine(line=line, fixed=fixed)


def _sums(document_ids: list[int]) -> tuple[TaxSum, ...]:
    found = DocumentTax.objects.filter(document__in=document_ids).values_list("tax_category", "tax_rate")
    sums = found.annotate(Sum("net"), Sum("tax")).order_by("tax_category", "-tax_rate")
    return tuple(TaxSum(TaxCategory(category), rate, net, tax) for category, rate, net, tax in sums)
