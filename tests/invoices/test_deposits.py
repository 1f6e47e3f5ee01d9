"""Free deposit pays bills as they are issued (H6)."""

from datetime import date

from accounts.models import Customer, Tenant
from accounts.services import NewContact, change_contact
from invoices.models import Allocation, Document, OpenItem
from ledger.models import Account, CustomerBalance, Entry, ReservedFor
from ledger.reservations import reserve
from ledger.services import Posting, post
from tests.factories import make_customer
from tests.invoices.shop import (
    NOVEMBER_30,
    assert_books_are_right,
    at,
    charge,
    close_and_issue,
    documents,
    make_shop,
)

DAY = date(2026, 10, 28)


def pay_in(customer: Customer, amount: int, source_id: int = 1) -> None:
    postings = [Posting(Account.BANK, amount), Posting(Account.DEPOSIT, -amount, customer.pk)]
    post(booked_on=DAY, reason="payment", source_id=source_id, postings=postings)


def standing(customer: Customer) -> tuple[int, int]:
    """Receivable and deposit."""
    balance = CustomerBalance.objects.get(customer=customer)
    return balance.receivable, balance.deposit


def test_a_deposit_pays_part_of_the_bill(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, DAY, 10_000)
        pay_in(acme, 4_000)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert (invoice.total, invoice.deposit_applied, invoice.to_pay) == (11_000, 4_000, 7_000)
        assert OpenItem.objects.get(document=invoice).open_amount == 7_000
        assert standing(acme) == (7_000, 0)
        used = Allocation.objects.get(document=invoice)
        assert (used.source, used.amount) == ("deposit", 4_000)
        entry = Entry.objects.get(reason="deposit_used", source_id=used.pk)
        assert entry.booked_on == date(2026, 11, 1)
        booked = {line.account: line.amount for line in entry.lines.all()}
        assert booked == {"deposit": 4_000, "receivable": -4_000}


def test_a_larger_deposit_leaves_nothing_to_pay_and_keeps_the_rest(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, DAY, 10_000)
        pay_in(acme, 50_000)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert (invoice.total, invoice.deposit_applied, invoice.to_pay) == (11_000, 11_000, 0)
        assert standing(acme) == (0, 39_000)


def test_what_orders_have_reserved_is_not_free(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, DAY, 10_000)
        pay_in(acme, 8_000)
        reserve(customer_id=acme.pk, purpose=ReservedFor.ORDER, source_id=1, amount=5_000)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert invoice.deposit_applied == 3_000
        assert standing(acme) == (8_000, 5_000)


def test_the_oldest_bill_comes_first(shop: Tenant) -> None:
    with at(shop, "2026-10-28 10:00"):
        acme, other = make_customer("acme"), make_customer("other")
        charge(acme, DAY, 10_000)
        charge(other, DAY, 10_000)
    with at(shop, "2026-11-01 07:00"):
        old, _others = documents(close_and_issue())
    with at(shop, "2026-11-05 10:00"):
        pay_in(acme, 15_000)
        charge(acme, date(2026, 11, 5), 5_000)
        change_contact(customer=acme, contact=NewContact("経理 花子", "hanako@example.com"))
        charge(acme, date(2026, 11, 5), 9_000)
        charge(other, date(2026, 11, 5), 1_000)
    with at(shop, "2026-12-01 07:00"):
        new = documents(close_and_issue(NOVEMBER_30))
        # 15,000: 11,000 for October's bill, 4,000 for the first of the two new ones.
        assert [(d.total, d.deposit_applied) for d in new] == [(5_500, 4_000), (9_900, 0), (1_100, 0)]
        open_sums = OpenItem.objects.order_by("document_id").values_list("open_amount", flat=True)
        assert list(open_sums) == [0, 11_000, 1_500, 9_900, 1_100]
        assert Document.objects.get(pk=old.pk).deposit_applied == 0
        assert standing(acme) == (11_400, 0)


def test_a_policy_without_it_leaves_the_deposit_alone() -> None:
    shop = make_shop(apply_deposit=False)
    with at(shop, "2026-10-28 10:00"):
        acme = make_customer()
        charge(acme, DAY, 10_000)
        pay_in(acme, 4_000)
    with at(shop, "2026-11-01 07:00"):
        [invoice] = documents(close_and_issue())
        assert (invoice.deposit_applied, invoice.to_pay) == (0, 11_000)
        assert standing(acme) == (11_000, 4_000)
    assert_books_are_right(shop)
