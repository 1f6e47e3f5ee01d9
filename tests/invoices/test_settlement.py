"""Which documents a sum pays, and what a return takes back (A17)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Customer, Tenant
from billing_project.money import Rounding
from invoices.models import Allocation, AllocationSource, Document, DocumentKind, OpenItem
from invoices.rules import Share, share_out
from invoices.services.charges import reverse_charge
from invoices.services.issuing import Terms, issue_documents_of_charges
from invoices.services.settlement import Split, allocate, split_payment, undo_allocations
from ledger.models import Account, CustomerBalance, Entry
from ledger.services import Posting, post
from tests.factories import make_customer
from tests.invoices.shop import (
    NOVEMBER_30,
    at,
    charge,
    close_and_issue,
    documents,
)


def two_bills(shop: Tenant) -> tuple[Customer, Document, Document]:
    """11,000 due on 30 November and 5,500 due on 4 January."""
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, date(2026, 10, 28), 10_000)
    with at(shop, "2026-11-28 10:00"):
        charge(acme, date(2026, 11, 28), 5_000)
    with at(shop, "2026-12-01 07:00"):
        [old] = documents(close_and_issue())
        [new] = documents(close_and_issue(NOVEMBER_30))
    return acme, old, new


def pay(customer: Customer, amount: int, *named: Document, source_id: int = 1) -> Split:
    """A transfer, as the room of payments books it."""
    split = split_payment(customer_id=customer.pk, amount=amount, named=named)
    entry = book(customer, split.paid, split.rest, source_id)
    allocate(shares=split.shares, source=AllocationSource.PAYMENT, source_id=source_id, entry=entry)
    return split


def book(customer: Customer, paid: int, rest: int, source_id: int, reason: str = "payment") -> Entry:
    return post(
        booked_on=date(2026, 12, 2),
        reason=reason,
        source_id=source_id,
        postings=[
            Posting(Account.BANK, paid + rest),
            Posting(Account.RECEIVABLE, -paid, customer.pk),
            Posting(Account.DEPOSIT, -rest, customer.pk),
        ],
    )


def open_sums() -> list[int]:
    return list(OpenItem.objects.order_by("document_id").values_list("open_amount", flat=True))


def test_sharing_out_pays_each_in_full_before_the_next() -> None:
    assert share_out(15, [(1, 10), (2, 0), (3, 10)]) == ((Share(1, 10), Share(3, 5)), 0)
    assert share_out(25, [(1, 10), (3, 10)]) == ((Share(1, 10), Share(3, 10)), 5)


def test_the_oldest_due_is_paid_first(shop: Tenant) -> None:
    acme, old, new = two_bills(shop)
    with at(shop, "2026-12-02 10:00"):
        assert pay(acme, 12_000) == Split((Share(old.pk, 11_000), Share(new.pk, 1_000)), 0)
        assert open_sums() == [0, 4_500]


def test_what_the_payer_names_is_paid_first(shop: Tenant) -> None:
    acme, old, new = two_bills(shop)
    with at(shop, "2026-12-02 10:00"):
        assert pay(acme, 12_000, new) == Split((Share(new.pk, 5_500), Share(old.pk, 6_500)), 0)
        assert open_sums() == [4_500, 0]


def test_what_no_document_takes_is_left_over(shop: Tenant) -> None:
    acme, _old, _new = two_bills(shop)
    with at(shop, "2026-12-02 10:00"):
        assert pay(acme, 20_000).rest == 3_500
        balance = CustomerBalance.objects.get(customer=acme)
        assert (balance.receivable, balance.deposit) == (0, 3_500)


def test_more_than_is_open_cannot_be_allocated(shop: Tenant) -> None:
    acme, old, _new = two_bills(shop)
    with at(shop, "2026-12-02 10:00"), pytest.raises(IntegrityError), transaction.atomic():
        entry = book(acme, 11_001, 0, 1)
        allocate(shares=[Share(old.pk, 11_001)], source=AllocationSource.PAYMENT, source_id=1, entry=entry)


def test_a_match_undone_opens_the_documents_again(shop: Tenant) -> None:
    acme, _old, _new = two_bills(shop)
    with at(shop, "2026-12-02 10:00"):
        pay(acme, 12_000)
        for _twice in range(2):
            if Allocation.objects.filter(amount__lt=0).exists():
                entry = Entry.objects.get(reason="reversal")
            else:
                entry = book(acme, -12_000, 0, 1, reason="reversal")
            undo_allocations(source=AllocationSource.PAYMENT, source_id=1, entry=entry)
            assert open_sums() == [11_000, 5_500]


def give_back(document: Document) -> Document:
    """A return invoice for everything on the document."""
    reversals = [
        reverse_charge(charge=line.charge, on=date(2026, 12, 3))
        for line in document.lines.select_related("charge")
    ]
    terms = Terms(
        issued_on=date(2026, 12, 3),
        rounding=Rounding.FLOOR,
        apply_deposit=False,
        due_on={},
        kind=DocumentKind.RETURN_INVOICE,
    )
    [returned] = issue_documents_of_charges(charges=reversals, terms=terms, original=document)
    return returned


def test_the_return_of_an_unpaid_bill_settles_it(shop: Tenant) -> None:
    acme, old, _new = two_bills(shop)
    with at(shop, "2026-12-03 10:00"):
        returned = give_back(old)
        assert (returned.number, returned.total, returned.original) == ("RET-2026-000001", -11_000, old)
        assert open_sums() == [0, 5_500]
        balance = CustomerBalance.objects.get(customer=acme)
        assert (balance.receivable, balance.deposit) == (5_500, 0)


def test_the_return_of_a_paid_bill_becomes_free_deposit_even_with_another_bill_open(shop: Tenant) -> None:
    acme, old, _new = two_bills(shop)
    with at(shop, "2026-12-03 10:00"):
        pay(acme, 11_000)
        give_back(old)
        assert open_sums() == [0, 5_500]
        balance = CustomerBalance.objects.get(customer=acme)
        assert (balance.receivable, balance.deposit) == (5_500, 11_000)


def test_the_return_of_a_partly_paid_bill_does_both(shop: Tenant) -> None:
    acme, old, _new = two_bills(shop)
    with at(shop, "2026-12-03 10:00"):
        pay(acme, 4_000)
        give_back(old)
        assert open_sums() == [0, 5_500]
        balance = CustomerBalance.objects.get(customer=acme)
        assert (balance.receivable, balance.deposit) == (5_500, 4_000)


def test_a_month_of_returns_alone_gives_money_back(shop: Tenant) -> None:
    acme, _old, new = two_bills(shop)
    with at(shop, "2026-12-03 10:00"):
        pay(acme, 16_500)
        for line in new.lines.select_related("charge"):
            reverse_charge(charge=line.charge, on=date(2026, 12, 3))
    with at(shop, "2027-01-01 07:00"):
        [returned] = documents(close_and_issue(date(2026, 12, 31)))
        assert (returned.kind, returned.total) == ("return_invoice", -5_500)
        balance = CustomerBalance.objects.get(customer=acme)
        assert (balance.receivable, balance.deposit) == (0, 5_500)
