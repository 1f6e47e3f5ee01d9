"""What lowers a bad debt after all: a return, money, both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from accounts.models import Customer, Tenant
from accounts.policy.choices import TaxCategory
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.models import Document, DocumentKind
from invoices.panel import Standing, in_standing, standing_of, with_open_item
from invoices.services.closing import close_period, issue_closing
from invoices.tax import TaxSum
from ledger.verification import verify
from orders.models import Order
from orders.services import create_product, deliver
from payments.rules.bad_debt import part_returned
from payments.services import receive_transfer
from payments.services.dunning import write_off
from tests.acts import at
from tests.factories import make_customer
from tests.orders.factories import make_shop, order_of
from tests.payments.books import account, open_sums, standing

STANDARD, REDUCED = TaxCategory.STANDARD, TaxCategory.REDUCED
NOON = at("2026-11-10 12:00")


@pytest.fixture
def shop() -> Iterator[Tenant]:
    """What was delivered in October can be cancelled in November."""
    with clock.frozen(at("2026-10-01 00:00")):
        tenant = make_shop(cancel_window_days=60)
    with clock.frozen(NOON), tenant_context(tenant):
        yield tenant


@pytest.fixture
def acme(shop: Tenant) -> Customer:
    customer: Customer = make_customer()
    return customer


def billed(customer: Customer, *lines: tuple[str, int]) -> tuple[Order, Document]:
    """Delivered in October, on the bill of 1 November."""
    with clock.frozen(at("2026-10-20 10:00")):
        order = order_of(customer, *lines)
        deliver(order=order)
    with clock.frozen(at("2026-11-01 07:00")):
        issue_closing(closing=close_period(closes_on=date(2026, 10, 31)))
    return order, Document.objects.get(customer=customer, kind=DocumentKind.INVOICE)


def pay(customer: Customer, amount: int) -> None:
    receive_transfer(
        amount=amount, payer_name="ｶ)ｱｸﾒ", received_on=date(2026, 11, 10), reference="1", customer=customer
    )


def stands(document: Document) -> Standing:
    return standing_of(with_open_item(Document.objects.all()).get(pk=document.pk), clock.today())


def test_a_return_lowers_the_bad_debt_and_gives_no_deposit(acme: Customer) -> None:
    order, document = billed(acme, ("DV-1Y", 1))
    write_off(document=document, reason="倒産")
    cancel(order=order)
    assert (account("bad_debt"), account("tax_payable"), account("sales")) == (0, 0, 0)
    assert (standing(acme), open_sums()) == ((0, 0), [0])
    assert verify() == []


def test_a_return_of_a_part_takes_its_share_of_net_and_tax(acme: Customer) -> None:
    """33,000 and 1,080 were given up; the tea comes back: 1,000 and 80 of it."""
    create_product(sku="TEA", name="お茶", unit_price=1_000, tax_category=REDUCED)
    order, document = billed(acme, ("DV-1Y", 1), ("TEA", 1))
    write_off(document=document, reason="倒産")
    cancel(order=order, line_position=2)
    assert (account("bad_debt"), account("tax_payable"), standing(acme)) == (30_000, 0, (0, 0))
    assert stands(document) == Standing.WRITTEN_OFF
    pay(acme, 40_000)
    assert (account("bad_debt"), account("tax_payable"), standing(acme)) == (0, -3_000, (0, 7_000))
    assert verify() == []


def test_of_what_was_paid_in_part_the_debt_goes_first(acme: Customer) -> None:
    """66,000, of which 40,000 came and 26,000 were given up. One comes back: the debt, then 7,000."""
    order, document = billed(acme, ("DV-1Y", 2))
    pay(acme, 40_000)
    write_off(document=document, reason="倒産")
    cancel(order=order, line_position=1)
    assert (account("bad_debt"), account("tax_payable")) == (0, -3_000)
    assert standing(acme) == (0, 7_000)
    assert stands(document) == Standing.PAID
    assert verify() == []


def test_money_then_a_return_take_the_debt_together(acme: Customer) -> None:
    order, document = billed(acme, ("DV-1Y", 1))
    write_off(document=document, reason="倒産")
    pay(acme, 13_000)
    cancel(order=order)
    assert (account("bad_debt"), account("tax_payable"), standing(acme)) == (0, 0, (0, 13_000))
    assert verify() == []


def test_rates_of_a_return() -> None:
    left = [TaxSum(STANDARD, 10, 30_000, 3_000), TaxSum(REDUCED, 8, 1_000, 80)]
    tea = [TaxSum(REDUCED, 8, 1_000, 80)]
    assert part_returned(left, tea, 1_080) == tea
    # Of the reduced rate half was given up: the rest of the return lowers what there is.
    half = [TaxSum(STANDARD, 10, 15_000, 1_500), TaxSum(REDUCED, 8, 500, 40)]
    assert sum(each.gross for each in part_returned(half, tea, 1_080)) == 1_080


def test_the_filters_tell_it_from_what_was_paid(acme: Customer) -> None:
    _order, document = billed(acme, ("DV-1Y", 1))
    write_off(document=document, reason="倒産")
    assert stands(document) == Standing.WRITTEN_OFF
    every = with_open_item(Document.objects.all())
    for sought, count in ((Standing.PAID, 0), (Standing.WRITTEN_OFF, 1), (Standing.OPEN, 0)):
        assert in_standing(every, sought, clock.today()).count() == count
