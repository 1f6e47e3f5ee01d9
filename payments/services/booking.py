"""Booking of matched money: ledger, allocations and the match itself; of one payment or a whole file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.selectors import policy_on
from billing_project import clock
from billing_project.tenancy.bulk import insert_rows
from billing_project.tenancy.lookup import current_tenant
from invoices.models import AllocationSource, Document
from invoices.services.settlement import NewAllocation, allocate_many, lock_open_items
from ledger.models import Account, Entry, Reason
from ledger.services import NewEntry, Posting, lock_balances, post_many
from payments.mails import ask_for_shortfalls
from payments.models import Match, Payment
from payments.rules import Bill, Choice, choose_documents, numbers_in, pay_named
from payments.signals import payment_received


@dataclass(frozen=True, slots=True)
class Claim:
    """A sum of yen of a payment that is the customer's; `named` documents (ids) are paid first."""

    payment: Payment
    customer_id: int
    amount: int
    named: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A claim and what it pays."""

    claim: Claim
    choice: Choice

    def postings(self, source: Account) -> list[Posting]:
        customer_id, choice = self.claim.customer_id, self.choice
        return [
            Posting(source, self.claim.amount),
            Posting(Account.TRANSFER_FEES, choice.let_go),
            Posting(Account.RECEIVABLE, -choice.paid - choice.let_go, customer_id),
            Posting(Account.DEPOSIT, -choice.rest, customer_id),
        ]

    def match(self, *, entry: Entry | None, by_hand: bool) -> Match:
        return Match(
            payment=self.claim.payment,
            customer_id=self.claim.customer_id,
            entry=entry,
            kind=self.choice.kind,
            amount=self.claim.amount,
            short=self.choice.short,
            written_off=self.choice.let_go,
            by_hand=by_hand,
            matched_at=clock.now(),
        )

    def allocations(self, entry: Entry) -> list[NewAllocation]:
        of_payment = [(share, AllocationSource.PAYMENT) for share in self.choice.shares]
        of_fee = [(share, AllocationSource.FEE) for share in self.choice.written_off]
        return [
            NewAllocation(share.document_id, share.amount, source, self.claim.payment.pk, entry)
            for share, source in (*of_payment, *of_fee)
        ]


def settle(claims: Sequence[Claim]) -> list[Settled]:
    """Chooses the documents of each claim, one after the other; customers and open items are locked first."""
    if not claims:
        return []
    customer_ids = {claim.customer_id for claim in claims}
    lock_balances(customer_ids)
    open_items = lock_open_items(customer_ids)
    numbers = _numbers_where_named(claims)
    bills = {
        customer_id: [Bill(document, amount, numbers.get(document, "")) for document, amount in items]
        for customer_id, items in open_items.items()
    }
    tolerance = policy_on(clock.today(current_tenant().zone)).short_transfer_tolerance
    settled = []
    for claim in claims:
        choice = _choose(claim, bills.get(claim.customer_id, []), tolerance)
        bills[claim.customer_id] = _still_open(bills.get(claim.customer_id, []), choice)
        settled.append(Settled(claim, choice))
    return settled


def book_arrivals(payments: Sequence[Payment], settled: Sequence[Settled]) -> list[Match]:
    """Books payments on the day they arrived: what is settled for its customer, the rest in suspense."""
    by_payment = {each.claim.payment.pk: each for each in settled}
    entries = post_many([_arrival(payment, by_payment.get(payment.pk)) for payment in payments])
    booked = {entry.source_id: entry for entry in entries}
    matches = insert_rows(
        [each.match(entry=booked[each.claim.payment.pk], by_hand=False) for each in settled]
    )
    _finish(settled, [booked[each.claim.payment.pk] for each in settled], matches)
    return matches


def book_by_hand(settled: Sequence[Settled], *, on: date) -> list[Match]:
    """Books money that waited in suspense; each match has an entry of its own."""
    matches = insert_rows([each.match(entry=None, by_hand=True) for each in settled])
    entries = post_many(
        [
            NewEntry(
                on, Reason.MATCHED, match.pk, each.postings(Account.SUSPENSE), each.claim.payment.payer_name
            )
            for each, match in zip(settled, matches, strict=True)
        ]
    )
    for match, entry in zip(matches, entries, strict=True):
        match.entry = entry
        match.save(update_fields=["entry"])
    _finish(settled, entries, matches)
    return matches


def _finish(settled: Sequence[Settled], entries: Sequence[Entry], matches: Sequence[Match]) -> None:
    allocate_many(
        [row for each, entry in zip(settled, entries, strict=True) for row in each.allocations(entry)]
    )
    ask_for_shortfalls(matches)
    if settled:
        customer_ids = frozenset(each.claim.customer_id for each in settled)
        payment_received.send(sender=Payment, customer_ids=customer_ids)


def _arrival(payment: Payment, settled: Settled | None) -> NewEntry:
    postings = (
        settled.postings(Account.BANK)
        if settled
        else [Posting(Account.BANK, payment.amount), Posting(Account.SUSPENSE, -payment.amount)]
    )
    return NewEntry(payment.received_on, Reason.PAYMENT, payment.pk, postings, payment.payer_name)


def _choose(claim: Claim, bills: Sequence[Bill], tolerance: int) -> Choice:
    if claim.named:
        by_id = {bill.document_id: bill for bill in bills}
        named = [by_id[document] for document in claim.named if document in by_id]
        return pay_named(claim.amount, named, bills, tolerance=tolerance)
    return choose_documents(claim.amount, bills, named=_said(claim.payment), tolerance=tolerance)


def _said(payment: Payment) -> set[str]:
    return numbers_in(payment.payer_name) | numbers_in(payment.note)


def _numbers_where_named(claims: Sequence[Claim]) -> Mapping[int, str]:
    """Numbers of documents, asked for only where a payer gave any."""
    customers = {claim.customer_id for claim in claims if _said(claim.payment)}
    if not customers:
        return {}
    found = Document.objects.filter(customer_id__in=customers, open_items__open_amount__gt=0)
    return dict(found.values_list("pk", "number"))


def _still_open(bills: Sequence[Bill], choice: Choice) -> list[Bill]:
    paid = {share.document_id: share.amount for share in choice.shares}
    for share in choice.written_off:
        paid[share.document_id] = paid.get(share.document_id, 0) + share.amount
    left = [
        Bill(bill.document_id, bill.open_amount - paid.get(bill.document_id, 0), bill.number)
        for bill in bills
    ]
    return [bill for bill in left if bill.open_amount]
