"""A shop of 10,000 customers and what a year of work leaves behind, for looking at every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Sum

from accounts.models import Customer, Member, Tenant, User
from accounts.services import add_member, add_operator, invite_member, set_policy
from accounts.services.branding import change_branding
from accounts.services.calendar_links import make_calendar_link
from accounts.services.invitations import token_for
from billing_project import clock
from billing_project.bulk.models import BulkRun
from billing_project.calendar import Month
from billing_project.jobs.runs import RunState, asked_now
from billing_project.tenancy.context import tenant_context
from invoices.benchmark.closing import Say
from invoices.benchmark.data import analyse, make_tenants
from invoices.models import Document, DocumentLink, MonthRun, OpenItem
from invoices.services.export import ask_for_export
from invoices.services.link_reports import report_wrong_recipient
from invoices.services.links import create_link
from ledger.journal.services import export_journal, name_account
from ledger.verification import verify
from orders.models import Product, Quote
from orders.services.quotes import create_quote_link
from orders.services.uploads import upload_sales
from payments.benchmark import printed_name
from payments.gateways import using
from payments.gateways.playing import PlayingCard, PlayingGateway
from payments.models import BankCancellation, BankFile, Card, CardPurpose, GatewayEvent, Payout
from payments.rules import Destination
from payments.services import (
    receive_transfer,
    report_deposits,
    request_payout,
    save_csv_mapping,
    write_payout_file,
)
from payments.services.cards import (
    collect,
    finish_setup,
    intend,
    intend_refund,
    record_card_settlement,
    start_setup,
)
from payments.services.dunning import take_steps
from playbooks.benchmark.history import make_months
from playbooks.benchmark.server import PASSWORD
from playbooks.benchmark.walk import Shown
from playbooks.demo import SHOPS, bank, counter
from playbooks.demo.shops import describe, look_ahead
from playbooks.models import StoryRun

MONTHS = 10
MEMBER, OPERATOR = "member@bench.example", "operator@bench.example"


@dataclass(frozen=True, slots=True)
class BenchShop:
    """`people` are mail addresses by who they are; `documents` how many there are in fact."""

    tenant: Tenant
    shown: Shown
    people: dict[str, str]
    documents: int


def make_shop(documents: int, say: Say) -> BenchShop:
    """So many documents, of ten months; a few more at least. RuntimeError for wrong books."""
    customers = max(40, documents // MONTHS)
    months = max(2, min(MONTHS, documents // customers))
    since = Month.of(clock.today("Asia/Tokyo")).plus(-months)
    [tenant] = make_tenants(1, customers, since=since)
    with tenant_context(tenant):
        describe(replace(SHOPS[0], slug=tenant.slug))
        _add_products()
    make_months(tenant, months, say)
    say("what lies on desks")
    shop = _fill(tenant)
    analyse()
    with tenant_context(tenant):
        if differences := verify():
            raise RuntimeError(f"The books are wrong: {differences[:3]}")
    return shop


def _add_products() -> None:
    """What the demo's counter sells besides what a new shop has."""
    known = {*Product.objects.values_list("sku", flat=True)}
    for sku, price in (("OV-1Y", 60_000), ("EV-1Y", 120_000)):
        if sku not in known:
            Product.objects.create(sku=sku, name=sku, unit="枚", unit_price=price, tax_category="standard")


def _fill(tenant: Tenant) -> BenchShop:
    with tenant_context(tenant):
        member = _let_in()
        counter.orders_and_quotes(member.customer, member)
        _use_bank(member.customer)
        take_steps(clock.today(tenant.zone))
        _use_the_rest(member.customer)
        look_ahead(Month.of(clock.today(tenant.zone)))
        tokens = _tokens(member)
    _use_cards(member, PlayingGateway())
    with tenant_context(tenant):
        count = Document.objects.count()
    return BenchShop(
        tenant,
        Shown(member, tokens, member.customer.name),
        {"member": MEMBER, "operator": OPERATOR},
        count,
    )


def _let_in() -> Member:
    """The last customer is the one that is looked at."""
    customer = Customer.objects.latest("pk")
    Customer.objects.filter(pk=customer.pk).update(credit_limit=50_000_000)
    add_operator(user=User.objects.create_user(OPERATOR, PASSWORD))
    return add_member(customer=customer, user=User.objects.create_user(MEMBER, PASSWORD))


def _use_bank(customer: Customer) -> None:
    today = clock.today("Asia/Tokyo")
    sums = dict(
        OpenItem.objects.filter(open_amount__gt=0)
        .values_list("customer")
        .annotate(owed=Sum("open_amount"))
        .order_by("customer")[:20]
    )
    owed = [(each, sums[each.pk]) for each in Customer.objects.filter(pk__in=sums).order_by("pk")]
    _ask_for_payouts(customer, today)
    write_payout_file(pay_on=Payout.objects.latest("pk").pay_on)
    bank.transfers_and_files(owed)
    save_csv_mapping(
        name="みずほ銀行",
        account="0001-100-1-1234567",
        date_column="日付",
        amount_column="入金",
        payer_column="摘要",
        sample='日付,入金,摘要\n2026/11/02,"1,000",ｱｸﾒ\n'.encode("cp932"),
    )
    BankCancellation.objects.create(
        bank_file=BankFile.objects.latest("pk"),
        record=1,
        account="0001-100-1-1234567",
        booked_on=today,
        amount=1_000,
        reference="bench",
        why="",
    )
    report_deposits(day=_last_day_of_record(today))


def _ask_for_payouts(customer: Customer, today: date) -> None:
    """The customer pays 300,000 yen too much, and asks for a part of it back twice."""
    name = printed_name(customer.code)
    receive_transfer(
        amount=300_000, payer_name=name, received_on=today, reference="too-much", customer=customer
    )
    for amount in (50_000, 80_000):
        account = Destination("0005", "001", "1", "1234567", name)
        request_payout(customer=customer, amount=amount, account=account)


def _last_day_of_record(today: date) -> date:
    days = [date(today.year - 1, 9, 30), date(today.year, 3, 31), date(today.year, 9, 30)]
    return max(day for day in days if day < today)


def _use_the_rest(customer: Customer) -> None:
    this_month = Month.of(clock.today("Asia/Tokyo"))
    change_branding(colour="#2a4b8d")
    name_account(format="yayoi", key=("bank", "", None), account_name="当座預金")
    export_journal(month=this_month, format="yayoi")
    set_policy(changes={"payout_fee": 550}, valid_from=this_month.plus(1).first_day)
    report_wrong_recipient(link=DocumentLink.objects.latest("pk"))
    ask_for_export(documents=Document.objects.filter(customer=customer), wanted={}, customer=customer)
    upload_sales(content="売上番号\n".encode(), file_name="sales.csv")
    MonthRun.objects.create(month=str(this_month.plus(-1)), **asked_now()).end(RunState.DONE)
    BulkRun.objects.create(act="invoices.document.mail-found", row_count=0, **asked_now())
    StoryRun.objects.create(title="話", story="title: 話", state=RunState.FAILED, **asked_now())


def _use_cards(member: Member, provider: PlayingGateway) -> None:
    """Charged, with a refund under way and money from the card company."""
    with using(provider):
        card = _enter_card(member, provider)
        with tenant_context(member.tenant_id):
            charge = intend(
                card=card,
                amount=33_000,
                purpose=CardPurpose.DELIVERY,
                reference=900_000_000,
                order_number="W-1",
            )
        paid = collect(charge)
    with tenant_context(member.tenant_id):
        intend_refund(card_payment=paid, amount=1_000)
        yesterday = clock.today("Asia/Tokyo") - timedelta(days=1)
        record_card_settlement(amount=1_000, fees=10, on=yesterday, reference="po_1")
        GatewayEvent.objects.create(event_id="evt_1", kind="x", payload={}, received_at=clock.now())


def _enter_card(member: Member, provider: PlayingGateway) -> Card:
    setup = start_setup(
        customer=member.customer, member=member, return_url="http://localhost/", cancel_url="/"
    )
    provider.enter(setup.session, PlayingCard())
    return finish_setup(setup)


def _tokens(member: Member) -> Sequence[str]:
    """Of every kind of secret address."""
    document = Document.objects.filter(customer=member.customer).latest("pk")
    quote = Quote.objects.filter(customer=member.customer).latest("pk")
    invited = invite_member(
        customer=member.customer, email="new@bench.example", name="新人", roles=["requester"]
    )
    return (
        create_link(document=document, email="keiri@example.com"),
        create_quote_link(quote=quote, email="keiri@example.com"),
        make_calendar_link(member=member),
        token_for(invited),
    )
