"""Quotes: prices and tax, expiry to the minute, one order of each, numbers, file and link (A9)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Customer, Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from cancellations.services import cancel
from invoices.services.links import is_open
from orders import quote_rules
from orders.models import OrderLine, OrderState, Product, Quote, QuoteFile
from orders.quote_rules import QuotedLine, QuoteStanding
from orders.quote_selectors import quote_standing, quote_sums
from orders.services import change_product, create_product, deliver, place_order
from orders.services.quotes import (
    Asking,
    ask_for_quote,
    create_quote_link,
    ensure_quote_file,
    make_quote,
    quote_link_of,
    revoke_quote_link,
)
from orders.services.quotes.files import content_of_quote
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.orders.factories import make_member
from tests.payments.cards import saved
from tests.quotes.conftest import MADE
from tests.rivals import side_by_side

ASKING = Asking("株式会社新規", "山田 太郎", "yamada@example.com", "100-0001", "東京都千代田区1-1")


def quote_of(customer: Customer, *wanted: tuple[str, int], **options: Any) -> Quote:
    lines = [QuotedLine(sku, quantity) for sku, quantity in wanted or [("WC-1Y", 3)]]
    return make_quote(customer=customer, lines=lines, **options)


def order(quote: Quote, **options: Any) -> Any:
    return place_order(customer=quote.customer, member=None, lines=(), quote=quote, **options)


def test_tax_is_stated_once_per_rate(acme: Customer) -> None:
    create_product(sku="TEA", name="お茶", unit_price=1_234, tax_category="reduced")
    quote = quote_of(acme, ("WC-1Y", 3), ("TEA", 2))
    # 296,295 × 10 % = 29,629.5, down; 2,468 × 8 % = 197.44, down
    assert [(each.net, each.tax) for each in quote_sums(quote)] == [(296_295, 29_629), (2_468, 197)]
    assert (quote.net_total, quote.tax_total, quote.total) == (298_763, 29_826, 328_589)


def test_numbers_run_without_gaps_and_begin_anew_each_year(acme: Customer) -> None:
    assert quote_of(acme).number == "QT-2026-000001"
    with pytest.raises(RuntimeError), transaction.atomic():
        quote_of(acme)
        raise RuntimeError
    assert quote_of(acme).number == "QT-2026-000002"
    with clock.frozen(at("2027-01-01 00:00")):
        assert quote_of(acme).number == "QT-2027-000001"


def test_it_is_mailed_to_who_asked_with_a_link(acme: Customer) -> None:
    member = make_member(acme)
    quote = quote_of(acme, member=member)
    (letter,) = letters("quote_made")
    assert letter.recipient == member.user.email
    assert "お見積書のご案内" in letter.subject
    assert "325,924円" in letter.text
    assert "2026-12-01 10:00" in letter.text
    assert "/q/" in letter.text
    assert QuoteFile.objects.filter(quote=quote).exists()


def test_an_operators_own_offer_goes_to_the_accounting_contact(acme: Customer) -> None:
    acme.language = "en"
    acme.save()
    make_quote(customer=acme, lines=[QuotedLine("DV-1Y", 1, 28_000)], by_operator=True)
    (letter,) = letters("quote_made")
    assert letter.recipient.startswith("keiri")
    assert "30,800 yen" in letter.text


def test_a_member_names_no_price(acme: Customer) -> None:
    with refused(Code.NOT_PERMITTED):
        make_quote(customer=acme, lines=[QuotedLine("DV-1Y", 1, 1)], member=make_member(acme))


@pytest.mark.parametrize("line", [("DV-1Y", 0), ("NONE", 1)])
def test_what_cannot_be_quoted(acme: Customer, line: tuple[str, int]) -> None:
    with refused(Code.INVALID_INPUT):
        quote_of(acme, line)


def test_accounting_and_other_companies_make_no_quotes(acme: Customer) -> None:
    with refused(Code.NOT_PERMITTED):
        quote_of(acme, member=make_member(acme, ["accounting"]))
    with refused(Code.NOT_PERMITTED):
        quote_of(acme, member=make_member(make_customer("みなと商会")))


def test_a_tenant_without_quotes_makes_none(acme: Customer) -> None:
    set_policy(changes={"quote_valid_days": None}, valid_from=clock.today())
    with refused(Code.NOT_PERMITTED):
        quote_of(acme)
    with refused(Code.NOT_PERMITTED):
        ask_for_quote(product=Product.objects.get(sku="DV-1Y"), quantity=1, asking=ASKING)


def test_only_an_operator_quotes_what_needs_an_inquiry_and_the_quote_can_be_ordered(acme: Customer) -> None:
    create_product(
        sku="SIEM", name="ログ分析", unit_price=1_000, tax_category="standard", inquiry_required=True
    )
    with refused(Code.INQUIRY_REQUIRED):
        quote_of(acme, ("SIEM", 1))
    assert order(quote_of(acme, ("SIEM", 1), by_operator=True)).state == "open"


def test_the_order_takes_the_quoted_prices_and_a_line_for_each(acme: Customer) -> None:
    quote = make_quote(customer=acme, lines=[QuotedLine("DV-1Y", 2, 28_000)], by_operator=True)
    product = Product.objects.get(sku="DV-1Y")
    change_product(product=product, name=product.name, unit_price=31_000, discontinued=True)
    placed = order(quote)
    lines = OrderLine.objects.filter(order=placed)
    assert [(line.quantity, line.unit_price) for line in lines] == [(1, 28_000), (1, 28_000)]


def test_it_becomes_an_order_once(acme: Customer) -> None:
    quote = quote_of(acme)
    assert quote_standing(quote) == QuoteStanding.OPEN
    placed = order(quote)
    assert quote_standing(quote) == QuoteStanding.ORDERED
    with refused(Code.ALREADY_DECIDED):
        order(quote)
    assert list(quote.orders.all()) == [placed]


@pytest.mark.parametrize("delivered", [False, True])
def test_an_order_that_ended_before_any_delivery_leaves_it_usable(acme: Customer, delivered: bool) -> None:
    quote = quote_of(acme)
    placed = order(quote)
    if delivered:
        deliver(order=placed)
    cancel(order=placed)
    if delivered:
        with refused(Code.ALREADY_DECIDED):
            order(quote)
    else:
        assert quote_standing(quote) == QuoteStanding.OPEN
        again = order(quote)
        assert list(quote.orders.order_by("pk")) == [placed, again]
        with refused(Code.ALREADY_DECIDED):
            order(quote)


def test_a_refused_debit_card_leaves_it_usable(acme: Customer) -> None:
    quote = quote_of(acme)
    with refused(Code.CARD_DECLINED):
        place_order(
            customer=acme,
            member=None,
            lines=(),
            quote=quote,
            payment_method="card",
            card=saved(acme, funding="debit", declined_from=1),
        )
    assert quote_standing(quote) == QuoteStanding.OPEN
    assert order(quote).state == OrderState.OPEN


def test_the_last_minute_is_included(acme: Customer) -> None:
    """Made at 10:00:30 on 11-01, valid through the minute 10:00 of 12-01."""
    first, second = quote_of(acme), quote_of(acme)
    assert first.valid_until == at("2026-12-01 10:00")
    with clock.frozen(at("2026-12-01 10:00:59")):
        order(first)
    with clock.frozen(at("2026-12-01 10:01")), refused(Code.QUOTE_EXPIRED):
        order(second)


def test_the_validity_of_the_day_it_was_made_holds(acme: Customer) -> None:
    quote = quote_of(acme)
    set_policy(changes={"quote_valid_days": 1}, valid_from=clock.today())
    with clock.frozen(MADE + timedelta(days=20)):
        order(quote)


def test_what_was_decided_is_said_before_what_is_blocked(acme: Customer) -> None:
    quote = quote_of(acme)
    order(quote)
    with clock.frozen(MADE + timedelta(days=40)), refused(Code.ALREADY_DECIDED):
        order(quote)


def test_another_company_cannot_order_from_it(acme: Customer) -> None:
    quote = quote_of(acme)
    with refused(Code.NOT_PERMITTED):
        place_order(customer=make_customer("みなと商会"), member=None, lines=(), quote=quote)


def test_two_orders_of_one_quote_at_once(tenant: Tenant) -> None:
    with tenant_context(tenant), clock.frozen(MADE):
        quote = quote_of(make_customer())
    rivals = side_by_side(tenant, MADE, [lambda: order(quote), lambda: order(quote)])
    errors = [each.error for each in rivals if each.error]
    assert [getattr(error, "code", error) for error in errors] == [Code.ALREADY_DECIDED]


def test_the_database_knows_one_order_of_a_quote(acme: Customer) -> None:
    quote = quote_of(acme)
    order(quote)
    other = place_order(customer=acme, member=None, lines=[quote_rules.OrderedLine("DV-1Y", 1)])
    other.pk, other.number, other.quote = None, "O-X", quote
    other.public_id = "00000000-0000-4000-8000-000000000001"
    other._state.adding = True
    with pytest.raises(IntegrityError, match="orders_order_quote_once"), transaction.atomic():
        other.save()


def test_many_quotes_at_once_have_numbers_without_gaps(tenant: Tenant) -> None:
    with tenant_context(tenant), clock.frozen(MADE):
        customer = make_customer()
    rivals = side_by_side(tenant, MADE, [lambda: quote_of(customer)] * 4)
    assert [each.error for each in rivals] == [None] * 4
    with tenant_context(tenant):
        assert sorted(Quote.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]


def test_the_file_is_made_once_and_says_what_the_quote_says(acme: Customer) -> None:
    quote = make_quote(customer=acme, lines=[QuotedLine("WC-1Y", 3)], by_operator=True, note="特別価格です。")
    file = ensure_quote_file(quote)
    assert bytes(file.content).startswith(b"%PDF")
    assert file.sha256 == hashlib.sha256(bytes(file.content)).hexdigest()
    acme.name = "改名株式会社"
    acme.save()
    assert ensure_quote_file(quote).pk == file.pk
    printed = content_of_quote(quote)
    assert (printed.title, printed.number, printed.total) == ("見積書", quote.number, 325_924)
    assert printed.addressee.company == "株式会社アクメ"
    assert "特別価格です。" in printed.notes


def test_the_link_ends_when_it_is_revoked_or_its_days_are_over(acme: Customer) -> None:
    quote = quote_of(acme)
    link = quote_link_of(create_quote_link(quote=quote, email="a@example.com"))
    assert link is not None
    assert is_open(link)
    with clock.frozen(MADE + timedelta(days=90)):
        assert not is_open(link)
    revoke_quote_link(link=link)
    revoke_quote_link(link=link)
    link.refresh_from_db()
    assert not is_open(link)
    assert AuditEntry.objects.filter(action="quote_link_revoked").count() == 1
    assert quote_link_of("unknown") is None
