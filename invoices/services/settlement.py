"""Settlement: which open documents a sum pays, and how much of it is left over.

An act that brings money asks `split_payment`, books the ledger with what it says, and then calls `allocate`
with the entry. The customer's balance is locked first, then the open items in order of due date, as
everywhere, so the split still holds when it is booked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from billing_project import clock
from billing_project.tenancy.bulk import insert_rows
from billing_project.tenancy.context import current_tenant_id
from invoices.models import Allocation, AllocationSource, Document, DocumentLine, OpenItem
from invoices.rules import Share, share_out
from invoices.signals import open_items_changed, return_exceeds_open
from ledger.models import Account, Entry, Line, Reason
from ledger.services import Posting, lock_balance, post


@dataclass(frozen=True, slots=True)
class Split:
    """`shares` are what each document gets, `paid` their sum and `rest` what no document takes; yen."""

    shares: tuple[Share, ...]
    rest: int

    @property
    def paid(self) -> int:
        return sum(share.amount for share in self.shares)


@dataclass(frozen=True, slots=True)
class NewAllocation:
    """A sum of yen that pays a document, booked by `entry`."""

    document_id: int
    amount: int
    source: AllocationSource
    source_id: int
    entry: Entry


def split_payment(*, customer_id: int, amount: int, named: Sequence[Document] = ()) -> Split:
    """Divides a sum of yen among the customer's open documents: those named first, then the oldest due first.

    Locks the customer's balance and its open items. ValueError for an amount that is not positive.
    """
    if amount <= 0:
        raise ValueError(f"Only a positive sum can be divided, not {amount}.")
    lock_balance(customer_id)
    open_items = _lock_open_items(customer_id)
    wanted = [document.pk for document in named]
    shares, rest = share_out(amount, sorted(open_items, key=lambda bill: _place(bill[0], wanted)))
    return Split(shares, rest)


def allocate(
    *, shares: Iterable[Share], source: AllocationSource, source_id: int, entry: Entry
) -> list[Allocation]:
    """Writes down what pays which document, and lowers what is open; the caller has booked `entry`.

    IntegrityError when more is allocated than is open: take the shares from `split_payment`.
    """
    return allocate_many(
        [NewAllocation(share.document_id, share.amount, source, source_id, entry) for share in shares]
    )


def allocate_many(wanted: Sequence[NewAllocation]) -> list[Allocation]:
    """The same for many, in two statements."""
    now = clock.now()
    created = insert_rows(
        [
            Allocation(
                document_id=each.document_id,
                entry=each.entry,
                source=each.source,
                source_id=each.source_id,
                amount=each.amount,
                recorded_at=now,
            )
            for each in wanted
        ]
    )
    _lower_open_items(created)
    return created


_LOWER = """
UPDATE invoices_openitem i SET open_amount = i.open_amount - paid.amount
FROM unnest(%s::bigint[], %s::bigint[]) AS paid (document_id, amount)
WHERE i.tenant_id = %s AND i.document_id = paid.document_id
RETURNING i.customer_id
"""


def _lower_open_items(allocations: Iterable[Allocation]) -> None:
    paid: Counter[int] = Counter()
    for row in allocations:
        paid[row.document_id] += row.amount
    if paid:
        with connection.cursor() as cursor:
            cursor.execute(_LOWER, [list(paid), list(paid.values()), current_tenant_id()])
            customer_ids = {found[0] for found in cursor.fetchall()}
        open_items_changed.send(None, customer_ids=customer_ids)


def pay_from_deposit(*, document: Document, amount: int, on: date) -> None:
    """Deposit pays a document, in yen, booked on that day; what was reserved for it has been released."""
    if not amount:
        return
    entry = post(
        booked_on=on,
        reason=Reason.DEPOSIT_USED,
        source_id=_next_allocation(),
        memo=document.number,
        postings=[
            Posting(Account.DEPOSIT, amount, document.customer_id),
            Posting(Account.RECEIVABLE, -amount, document.customer_id),
        ],
    )
    allocate(
        shares=[Share(document.pk, amount)], source=AllocationSource.DEPOSIT, source_id=entry.pk, entry=entry
    )


def surplus_of(document: Document) -> int:
    """What of a return was paid already and has become free deposit, in yen."""
    booked = Line.objects.filter(
        entry__reason=Reason.TO_DEPOSIT, entry__source_id=document.pk, account=Account.DEPOSIT
    )
    amounts: list[int] = list(booked.values_list("amount", flat=True))
    return -sum(amounts)


def settle_return(*, document: Document) -> Split:
    """What a return takes back is no longer asked for on the documents it undoes (A17).

    What had been given up as bad debt is lowered by it. What has been paid already becomes free deposit at
    once: that is booked here, on the issue day.
    """
    lock_balance(document.customer_id)
    shares, rest = share_out(-document.total, _open_for_return(document))
    entry: Entry = Entry.objects.get(reason=Reason.DOCUMENT, source_id=document.pk)
    allocate(shares=shares, source=AllocationSource.RETURN, source_id=document.pk, entry=entry)
    if rest:
        surplus_to_deposit(document, rest)
    return Split(shares, rest)


def _open_for_return(document: Document) -> list[tuple[int, int]]:
    """(document, open sum) of what the return undoes, locked."""
    undone = DocumentLine.objects.filter(document=document).values("charge__reverses")
    originals = DocumentLine.objects.filter(charge__in=undone).order_by().distinct()
    ids = list(originals.values_list("document", flat=True))
    opened = _lock_open_items(document.customer_id, document__in=ids)
    missing = -document.total - sum(amount for _document, amount in opened)
    if missing <= 0:
        return opened
    return_exceeds_open.send(None, document=document, document_ids=ids, amount=missing)
    return _lock_open_items(document.customer_id, document__in=ids)


def undo_allocations(*, source: AllocationSource, source_id: int, entry: Entry) -> list[Allocation]:
    """Opens again what a source paid: the same allocations with the sign turned, booked by `entry`.

    Asked again it does nothing, since nothing of the source is left. The caller holds the customer's balance.
    """
    paid: dict[int, int] = {}
    for document_id, amount in (
        Allocation.objects.filter(source=source, source_id=source_id)
        .order_by("id")
        .values_list("document_id", "amount")
    ):
        paid[document_id] = paid.get(document_id, 0) + amount
    shares = [Share(document_id, -amount) for document_id, amount in paid.items() if amount]
    list(OpenItem.objects.select_for_update().filter(document_id__in=paid).order_by("due_on", "id"))
    return allocate(shares=shares, source=source, source_id=source_id, entry=entry)


def _next_allocation() -> int:
    """Deposit used is booked under a number of the allocations' own, as closings book it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('invoices_allocation_id_seq')")
        return int(cursor.fetchone()[0])


def surplus_to_deposit(document: Document, amount: int) -> None:
    """What was paid and is not asked for any more, in yen, becomes free deposit on the issue day."""
    customer = document.customer_id
    post(
        booked_on=document.issued_on,
        reason=Reason.TO_DEPOSIT,
        source_id=document.pk,
        memo=document.number,
        postings=[
            Posting(Account.RECEIVABLE, amount, customer),
            Posting(Account.DEPOSIT, -amount, customer),
        ],
    )


def _lock_open_items(customer_id: int, **which: Any) -> list[tuple[int, int]]:
    return list(
        OpenItem.objects.select_for_update()
        .filter(customer_id=customer_id, open_amount__gt=0, **which)
        .order_by("due_on", "id")
        .values_list("document_id", "open_amount")
    )


def lock_open_items(customer_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Of each customer (document, open sum) in order of due date, locked; the caller holds the balances."""
    found: dict[int, list[tuple[int, int]]] = {}
    items = OpenItem.objects.select_for_update().filter(customer_id__in=list(customer_ids), open_amount__gt=0)
    for customer_id, document_id, open_amount in items.order_by("due_on", "id").values_list(
        "customer_id", "document_id", "open_amount"
    ):
        found.setdefault(customer_id, []).append((document_id, open_amount))
    return found


def _place(document_id: int, wanted: Sequence[int]) -> int:
    """Named documents in the order they were named; the others after them, in the order they have."""
    return wanted.index(document_id) if document_id in wanted else len(wanted)
