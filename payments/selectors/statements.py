"""The statement of account: every movement of what a customer owes and what is held of its money (X5).

It is read from the ledger alone, so it cannot say anything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from accounts.models import Customer
from billing_project.errors import Text
from invoices.models import Allocation, Document
from ledger.models import Account, Entry, Line, Reason

_OF_DOCUMENTS = (Reason.DOCUMENT, Reason.TO_DEPOSIT)


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry as the customer sees it: how it changes what is owed and held, and both then; in yen."""

    entry: Entry
    label: Text
    documents: tuple[Document, ...]
    owed_change: int
    held_change: int
    owed: int
    held: int

    @property
    def day(self) -> date:
        return self.entry.booked_on

    @property
    def numbers(self) -> str:
        """The documents concerned, else what the entry says of itself."""
        return " ".join(document.number for document in self.documents) or self.entry.memo


@dataclass(frozen=True, slots=True)
class Statement:
    """Both days belong to the period; days are dates of account. Sums in yen."""

    first: date
    last: date
    opening_owed: int
    opening_held: int
    movements: tuple[Movement, ...]

    @property
    def closing_owed(self) -> int:
        return self.movements[-1].owed if self.movements else self.opening_owed

    @property
    def closing_held(self) -> int:
        return self.movements[-1].held if self.movements else self.opening_held


def statement_of(customer: Customer, first: date, last: date) -> Statement:
    """Everything booked for the customer from `first` to `last`."""
    before = _changes(Q(customer=customer, entry__booked_on__lt=first))
    owed, held = _sum(before.values())
    within = Q(customer=customer, entry__booked_on__range=(first, last))
    movements = _movements(_changes(within), owed, held)
    return Statement(first, last, owed, held, movements)


def deposit_history(customer: Customer) -> list[Movement]:
    """Every movement of the customer's deposit, newest first."""
    changes = _changes(Q(customer=customer))
    return [each for each in reversed(_movements(changes, 0, 0)) if each.held_change]


def _changes(which: Q) -> dict[int, tuple[int, int]]:
    """Of each entry (id) in order of booking, how it changes what is owed and what is held."""
    lines = Line.objects.filter(which, account__in=[Account.RECEIVABLE, Account.DEPOSIT])
    rows = lines.values_list("entry", "account").annotate(total=Sum("amount"))
    found: dict[int, list[int]] = {}
    for entry_id, account, total in rows.order_by("entry__booked_on", "entry"):
        change = found.setdefault(entry_id, [0, 0])
        change[account == Account.DEPOSIT] += -total if account == Account.DEPOSIT else total
    return {entry_id: (owed, held) for entry_id, (owed, held) in found.items()}


def _movements(changes: dict[int, tuple[int, int]], owed: int, held: int) -> tuple[Movement, ...]:
    entries = Entry.objects.in_bulk(list(changes))
    documents = _documents_of(list(entries.values()))
    movements = []
    for entry_id, (owed_change, held_change) in changes.items():
        owed, held = owed + owed_change, held + held_change
        entry, concerned = entries[entry_id], documents[entry_id]
        label = _label(entry, concerned)
        movements.append(Movement(entry, label, concerned, owed_change, held_change, owed, held))
    return tuple(movements)


def _documents_of(entries: Sequence[Entry]) -> dict[int, tuple[Document, ...]]:
    """The document an entry comes from, or those it pays."""
    own = {entry.pk: entry.source_id for entry in entries if entry.reason in _OF_DOCUMENTS}
    paid: dict[int, list[int]] = defaultdict(list)
    others = [entry.pk for entry in entries if entry.pk not in own]
    rows = Allocation.objects.filter(entry__in=others).order_by("id")
    for entry_id, document_id in rows.values_list("entry", "document"):
        paid[entry_id].append(document_id)
    wanted = {*own.values(), *(pk for each in paid.values() for pk in each)}
    documents = Document.objects.in_bulk(list(wanted))
    named = {pk: [own[pk]] if pk in own else list(dict.fromkeys(paid[pk])) for pk in (e.pk for e in entries)}
    return {pk: tuple(documents[each] for each in ids) for pk, ids in named.items()}


def _label(entry: Entry, documents: Sequence[Document]) -> Text:
    """A document by its kind, anything else by what happened."""
    if entry.reason == Reason.DOCUMENT and documents:
        return str(documents[0].get_kind_display())
    return str(Reason(entry.reason).label)


def _sum(changes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    owed = held = 0
    for owed_change, held_change in changes:
        owed, held = owed + owed_change, held + held_change
    return owed, held
