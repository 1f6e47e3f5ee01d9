"""What was paid of the old document pays the corrected one (ledger: corrected document)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Sum

from accounts.policy import BillingPolicy
from accounts.policy.choices import PaymentMethod
from accounts.policy.periods import billing_month, schedule
from invoices.correction_rules import Paid, due_of_correction, take
from invoices.models import Allocation, AllocationSource, Document, OpenItem
from invoices.rules import Share, share_out
from invoices.services.correcting.standing import Standing
from invoices.services.settlement import NewAllocation, allocate_many, pay_from_deposit, surplus_to_deposit
from ledger.models import Account, Entry, Reason
from ledger.reservations import free
from ledger.services import Posting, lock_balance, post

_NO_MONEY = (AllocationSource.RETURN, AllocationSource.CORRECTION)


@dataclass(frozen=True, slots=True)
class Payments:
    """How a corrected document is paid, in yen.

    `moved` is what pays it from the old one; `surplus` was paid of the old one and is not asked for any more;
    `from_deposit` are the shares of free deposit, of older bills and, under id 0, of the document.
    """

    open_before: int
    moved: tuple[Paid, ...]
    surplus: int
    from_deposit: tuple[Share, ...]
    due_on: date

    @property
    def deposit(self) -> int:
        """The deposit that the document says is applied."""
        moved = sum(each.amount for each in self.moved if each.source == AllocationSource.DEPOSIT)
        return moved + sum(share.amount for share in self.from_deposit if not share.document_id)

    @property
    def otherwise(self) -> int:
        """What it says was paid already in another way."""
        return sum(each.amount for each in self.moved if each.source != AllocationSource.DEPOSIT)


def plan_payments(
    document: Document, standing: Standing, new_total: int, policy: BillingPolicy, today: date
) -> Payments:
    """The caller holds the customer's balance."""
    item = OpenItem.objects.filter(document=document).first()
    open_before = item.open_amount if item else 0
    paid = max(standing.total - open_before, 0)
    method = PaymentMethod(document.payment_method)
    due_on = due_of_correction(
        due=item.due_on if item else document.due_on,
        asks_more=new_total > standing.total,
        today=today,
        by_rule=schedule(policy, billing_month(policy, method, today), method).due,
    )
    rest = max(new_total - paid, 0)
    return Payments(
        open_before=open_before,
        moved=tuple(take(_paid(document), min(paid, new_total))),
        surplus=max(paid - new_total, 0),
        from_deposit=_from_deposit(document, rest, due_on) if policy.apply_deposit and rest else (),
        due_on=due_on,
    )


def settle_correction(document: Document, corrected: Document, standing: Standing, plan: Payments) -> None:
    """Books what the old document stated away, and has what was paid of it pay the corrected one."""
    if not standing.total:
        return _pay_from_deposit(corrected, plan)
    entry = _book_reversal(document, corrected, standing)
    moved = [
        NewAllocation(target, sign * each.amount, AllocationSource(each.source), each.source_id, entry)
        for each in plan.moved
        for target, sign in ((document.pk, -1), (corrected.pk, 1))
    ]
    away = min(plan.open_before + sum(each.amount for each in plan.moved), standing.total)
    replaced = NewAllocation(document.pk, away, AllocationSource.CORRECTION, corrected.pk, entry)
    allocate_many([*moved, *([replaced] if away else [])])
    if plan.surplus:
        surplus_to_deposit(corrected, plan.surplus)
    _pay_from_deposit(corrected, plan)


def _pay_from_deposit(corrected: Document, plan: Payments) -> None:
    for share in plan.from_deposit:
        pays = Document.objects.get(pk=share.document_id) if share.document_id else corrected
        pay_from_deposit(document=pays, amount=share.amount, on=corrected.issued_on)


def is_written_off(document: Document) -> bool:
    """Whether something of the document was given up and has not come after all."""
    given_up = Allocation.objects.filter(document=document, source=AllocationSource.BAD_DEBT)
    return bool(given_up.aggregate(sum=Sum("amount", default=0))["sum"])


def _paid(document: Document) -> Iterable[Paid]:
    """What paid the document, the oldest first."""
    found = Allocation.objects.filter(document=document).exclude(source__in=_NO_MONEY)
    sums = found.values_list("source", "source_id").annotate(paid=Sum("amount"), first=Min("pk"))
    return (Paid(source, source_id, paid) for source, source_id, paid, _ in sums.order_by("first"))


def _from_deposit(document: Document, rest: int, due_on: date) -> tuple[Share, ...]:
    """Free deposit pays the oldest bill first (H6), the corrected one in its turn."""
    left = free(lock_balance(document.customer_id))
    if left <= 0:
        return ()
    others = OpenItem.objects.filter(customer=document.customer_id, open_amount__gt=0, due_on__lte=due_on)
    older = others.exclude(document=document).order_by("due_on", "id")
    bills: Sequence[tuple[int, int]] = [*older.values_list("document_id", "open_amount"), (0, rest)]
    return share_out(left, bills)[0]


def _book_reversal(document: Document, corrected: Document, standing: Standing) -> Entry:
    sales = [Posting(Account.SALES, each.net, None, each.category, each.rate) for each in standing.sums]
    tax = [Posting(Account.TAX_PAYABLE, each.tax, None, each.category, each.rate) for each in standing.sums]
    return post(
        booked_on=corrected.booked_on,
        reason=Reason.CORRECTED,
        source_id=corrected.pk,
        memo=document.number,
        postings=[*sales, *tax, Posting(Account.RECEIVABLE, -standing.total, document.customer_id)],
    )
