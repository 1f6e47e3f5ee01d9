"""A debt that is given up, and what lowers it after all: money, or a return (ledger: bad debt, recovery)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Q, Sum

from accounts.models import Customer
from accounts.policy.choices import TaxCategory
from billing_project import clock
from billing_project.audit.services import record
from billing_project.errors import Code, Refusal
from billing_project.tenancy.lookup import current_tenant
from invoices.models import AllocationSource, Document, DocumentKind, DocumentTax
from invoices.rules import Share
from invoices.services.settlement import allocate, lock_open_items
from invoices.tax import TaxSum
from ledger.models import Account, Entry, Line, Reason
from ledger.reservations import free
from ledger.services import Posting, lock_balance, post
from payments.models import Recovery, WriteOff
from payments.rules.bad_debt import less, part_of, part_returned
from payments.rules.dunning import check_reason
from payments.selectors.dunning import open_amount, write_offs


@transaction.atomic
def write_off(*, document: Document, reason: str) -> WriteOff:
    """Gives up what is open of the document today: bad debt and the tax of each rate, against the receivable.

    Raises Refusal `invalid_input` without a reason, `already_paid` when nothing is open.
    """
    text = check_reason(reason)
    lock_balance(document.customer_id)
    lock_open_items([document.customer_id])
    amount = open_amount(document)
    if not amount:
        raise Refusal(Code.ALREADY_PAID)
    today = clock.today(current_tenant().zone)
    given_up: WriteOff = WriteOff.objects.create(
        document=document,
        customer_id=document.customer_id,
        amount=amount,
        reason=text,
        written_off_on=today,
    )
    parts = part_of(_stated(document), amount)
    entry = post(
        booked_on=today,
        reason=Reason.WRITTEN_OFF,
        source_id=given_up.pk,
        postings=_postings(parts, document.customer_id),
        memo=document.number,
    )
    allocate(
        shares=[Share(document.pk, amount)],
        source=AllocationSource.BAD_DEBT,
        source_id=given_up.pk,
        entry=entry,
    )
    record("document_written_off", document, amount=amount, reason=text)
    return given_up


def after_payment_received(*, customer_ids: Collection[int], **_signal: object) -> None:
    """Heard from payments, in the transaction that booked them."""
    known = WriteOff.objects.filter(customer_id__in=customer_ids).values("customer_id")
    for customer in Customer.objects.filter(pk__in=known).order_by("pk"):
        recover_bad_debts(customer=customer)


def before_return_settles(
    *, document: Document, document_ids: Collection[int], amount: int, **_signal: object
) -> None:
    """A return takes back what was given up: that much of the write-off is reversed, the oldest first."""
    found = WriteOff.objects.filter(document_id__in=document_ids).select_related("document")
    for given_up in found.order_by("pk"):
        part = min(amount, given_up.amount - _recovered(given_up))
        if part > 0:
            _take_back(given_up, document, part)
            amount -= part


@transaction.atomic
def recover_bad_debts(*, customer: Customer) -> int:
    """Free deposit pays what was written off, the oldest first; gives the sum in yen.

    That much of the write-off is reversed, its document is open again, and the deposit pays it.
    """
    left = free(lock_balance(customer.pk))
    recovered = 0
    for given_up in write_offs(customer) if left else ():
        amount = min(given_up.amount - _recovered(given_up), left - recovered)
        if amount > 0:
            _recover(given_up, amount)
            recovered += amount
    return recovered


def _recover(given_up: WriteOff, amount: int) -> None:
    today = clock.today(current_tenant().zone)
    parts = part_of(_left(given_up), amount)
    recovery: Recovery = Recovery.objects.create(write_off=given_up, amount=amount, recovered_on=today)
    customer_id, document = given_up.customer_id, given_up.document
    entry = post(
        booked_on=today,
        reason=Reason.RECOVERED,
        source_id=recovery.pk,
        postings=[
            *_turned(_postings(parts, customer_id)),
            Posting(Account.DEPOSIT, amount, customer_id),
            Posting(Account.RECEIVABLE, -amount, customer_id),
        ],
        memo=document.number,
    )
    _allocate(document, -amount, AllocationSource.BAD_DEBT, given_up.pk, entry)
    _allocate(document, amount, AllocationSource.DEPOSIT, entry.pk, entry)
    record("bad_debt_recovered", document, amount=amount)


def _take_back(given_up: WriteOff, returned: Document, amount: int) -> None:
    """The document is open again for the return to lower it."""
    sums = [each.reversed() for each in _sums([returned])]
    parts = part_returned(_left(given_up), sums, amount)
    day = returned.issued_on
    recovery: Recovery = Recovery.objects.create(write_off=given_up, amount=amount, recovered_on=day)
    entry = post(
        booked_on=day,
        reason=Reason.WRITE_OFF_RETURNED,
        source_id=recovery.pk,
        postings=_turned(_postings(parts, given_up.customer_id)),
        memo=given_up.document.number,
    )
    _allocate(given_up.document, -amount, AllocationSource.BAD_DEBT, given_up.pk, entry)
    record("bad_debt_returned", given_up.document, amount=amount, return_invoice=returned.number)


def _allocate(
    document: Document, amount: int, source: AllocationSource, source_id: int, entry: Entry
) -> None:
    allocate(shares=[Share(document.pk, amount)], source=source, source_id=source_id, entry=entry)


def _recovered(given_up: WriteOff) -> int:
    found = Recovery.objects.filter(write_off=given_up).aggregate(total=Sum("amount"))["total"]
    return int(found or 0)


def _left(given_up: WriteOff) -> list[TaxSum]:
    """Net and tax per rate that are still given up, as they were booked."""
    recoveries = Recovery.objects.filter(write_off=given_up).values("pk")
    booked = Q(entry__reason=Reason.WRITTEN_OFF, entry__source_id=given_up.pk) | Q(
        entry__reason__in=(Reason.RECOVERED, Reason.WRITE_OFF_RETURNED), entry__source_id__in=recoveries
    )
    sums: dict[tuple[str, int | None], list[int]] = {}
    accounts = (Account.BAD_DEBT, Account.TAX_PAYABLE)
    for line in Line.objects.filter(booked, account__in=accounts).order_by("pk"):
        net_and_tax = sums.setdefault((line.tax_category, line.tax_rate), [0, 0])
        net_and_tax[line.account == Account.TAX_PAYABLE] += line.amount
    found = [TaxSum(TaxCategory(category), rate, net, tax) for (category, rate), (net, tax) in sums.items()]
    return [each for each in found if each.net or each.tax]


def _postings(parts: Sequence[TaxSum], customer_id: int) -> list[Posting]:
    total = sum(part.gross for part in parts)
    lost = [Posting(Account.BAD_DEBT, part.net, None, part.category, part.rate) for part in parts]
    tax = [Posting(Account.TAX_PAYABLE, part.tax, None, part.category, part.rate) for part in parts]
    return [*lost, *tax, Posting(Account.RECEIVABLE, -total, customer_id)]


def _turned(postings: Iterable[Posting]) -> list[Posting]:
    return [
        Posting(each.account, -each.amount, each.customer_id, each.tax_category, each.tax_rate)
        for each in postings
    ]


def _stated(document: Document) -> list[TaxSum]:
    """What the document states per rate, less what its returns took back (X9)."""
    returns = Document.objects.filter(original=document, kind=DocumentKind.RETURN_INVOICE)
    left = _sums([document])
    for each in returns.order_by("pk"):
        left = less(left, [total.reversed() for total in _sums([each])])
    return left


def _sums(documents: Sequence[Document]) -> list[TaxSum]:
    taxes = DocumentTax.objects.filter(document__in=documents).order_by("pk")
    return [TaxSum(TaxCategory(tax.tax_category), tax.tax_rate, tax.net, tax.tax) for tax in taxes]
