"""What a correction came to: figures before and after, what the ledger got, what became of payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from invoices.models import Allocation, AllocationSource, Document, DocumentTax, OpenItem
from invoices.services.settlement import surplus_of
from ledger.models import Account, Entry, Line, Reason


@dataclass(frozen=True, slots=True)
class RateChange:
    """The sums of one category and rate (percent, None without tax) before and after, in yen."""

    category: str
    rate: int | None
    old_net: int
    old_tax: int
    new_net: int
    new_tax: int


@dataclass(frozen=True, slots=True)
class Booked:
    """By how much an account changed, in yen: debit positive, credit negative."""

    account: str
    category: str
    rate: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class CorrectionEffect:
    """`moved` paid the old document and pays the new one; `from_deposit` is free deposit that pays it too;
    `to_deposit` is the surplus; `still_open` of the new one is due on `due_on`. Sums in yen."""

    number: str
    replaces: str
    old_total: int
    new_total: int
    rates: tuple[RateChange, ...]
    ledger: tuple[Booked, ...]
    moved: int
    from_deposit: int
    to_deposit: int
    still_open: int
    due_on: date | None


def effect_of(corrected: Document) -> CorrectionEffect:
    """Of a corrected document, read from the books right after it was issued."""
    old: Document = corrected.original
    reversal = Entry.objects.filter(reason=Reason.CORRECTED, source_id=corrected.pk).first()
    item = OpenItem.objects.filter(document=corrected).first()
    moved = _paid(corrected, entry=reversal) if reversal else 0
    return CorrectionEffect(
        number=corrected.number,
        replaces=old.number,
        old_total=_receivable(reversal) if reversal else 0,
        new_total=corrected.total,
        rates=_rates(corrected, reversal),
        ledger=_booked(corrected),
        moved=moved,
        from_deposit=_paid(corrected, source=AllocationSource.DEPOSIT) - _moved_deposit(corrected, reversal),
        to_deposit=surplus_of(corrected),
        still_open=item.open_amount if item else 0,
        due_on=item.due_on if item else None,
    )


def _paid(document: Document, **which: object) -> int:
    found = Allocation.objects.filter(document=document, **which)
    return int(found.aggregate(sum=Sum("amount", default=0))["sum"])


def _moved_deposit(document: Document, reversal: Entry | None) -> int:
    return _paid(document, entry=reversal, source=AllocationSource.DEPOSIT) if reversal else 0


def _receivable(reversal: Entry) -> int:
    line: Line = Line.objects.get(entry=reversal, account=Account.RECEIVABLE)
    return -line.amount


def _rates(corrected: Document, reversal: Entry | None) -> tuple[RateChange, ...]:
    sums: dict[tuple[str, int | None], list[int]] = {}
    places = {Account.SALES: 0, Account.TAX_PAYABLE: 1}
    for line in Line.objects.filter(entry=reversal, account__in=places) if reversal else ():
        found = sums.setdefault((line.tax_category, line.tax_rate), [0, 0, 0, 0])
        found[places[Account(line.account)]] += line.amount
    for tax in DocumentTax.objects.filter(document=corrected):
        found = sums.setdefault((tax.tax_category, tax.tax_rate), [0, 0, 0, 0])
        found[2:] = [tax.net, tax.tax]
    order = sorted(sums.items(), key=lambda item: (-(item[0][1] or 0), item[0][0]))
    return tuple(RateChange(category, rate, *figures) for (category, rate), figures in order)


def _booked(corrected: Document) -> tuple[Booked, ...]:
    reasons = (Reason.DOCUMENT, Reason.CORRECTED, Reason.TO_DEPOSIT)
    lines = Line.objects.filter(entry__reason__in=reasons, entry__source_id=corrected.pk)
    sums = lines.values_list("account", "tax_category", "tax_rate").annotate(sum=Sum("amount"))
    found = (Booked(*row) for row in sums.order_by("account", "tax_category", "-tax_rate"))
    return tuple(each for each in found if each.amount)
