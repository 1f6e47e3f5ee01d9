"""Data to look at: two certificate shops with some months of sales, closed and partly paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from stdnum.jp import cn

from accounts.models import BankAccount, Customer, Issuer, Member, Tenant, User
from accounts.services import add_member, add_operator, create_tenant
from billing_project import clock
from billing_project.audit.models import ActorKind
from billing_project.audit.services import Actor, acting_as
from billing_project.calendar import Month
from billing_project.jobs.services import run_due
from billing_project.tenancy.context import tenant_context
from billing_project.tenancy.lookup import tenant_by_slug
from invoices.models import DocumentLine, OpenItem
from invoices.services.preview_runs import ask_for_preview, run_preview
from orders.sales_file import write_sales_file
from orders.sales_sample import sample_sales
from orders.services.import_sales import import_sales_file
from payments.models import CardSetup
from payments.services import receive_transfer, set_payout_sender
from playbooks.demo import bank, cards, counter
from playbooks.demo.readings import payer_name

PASSWORD = "shimebi-demo-2026"  # noqa: S105
MONTHS = 3
Say = Callable[[str], None]


@dataclass(frozen=True)
class Shop:
    slug: str
    name: str
    service: str
    body_number: str
    bank: tuple[str, str, str, str]
    address: tuple[str, str]
    customers: int
    lines: int
    seed: int


SHOPS = (
    Shop(
        "alpha",
        "アルファ証明書株式会社",
        "アルファSSL",
        "010001000011",
        ("0001", "みずほ銀行", "100", "本店"),
        ("100-0005", "東京都千代田区丸の内9-9-9 デモビル8階"),
        60,
        400,
        1,
    ),
    Shop(
        "beta",
        "ベータサイン合同会社",
        "ベータサイン",
        "010001000022",
        ("0005", "三菱UFJ銀行", "005", "大阪営業部"),
        ("530-0001", "大阪府大阪市北区梅田9-9-9"),
        30,
        150,
        2,
    ),
)


def make_demo(say: Say, shops: Sequence[Shop] = SHOPS) -> list[str]:
    """Makes what is not there yet; returns lines that tell how to sign in."""
    for shop in shops:
        if tenant_by_slug(shop.slug) is None:
            with acting_as(Actor(ActorKind.COMMAND, "demo_data")):
                _make(shop, say)
    if cards.is_there_a_provider():
        _pay_by_card(say, shops)
    return [line for shop in shops for line in _sign_ins(shop)]


@transaction.atomic
def _make(shop: Shop, say: Say) -> None:
    """The whole shop or nothing, so that a start that was cut off is made good by the next."""
    this_month = Month.of(clock.today("Asia/Tokyo"))
    first = this_month.plus(-MONTHS)
    tenant = create_tenant(slug=shop.slug, name=shop.name, since=first.first_day)
    with tenant_context(tenant):
        describe(shop)
        add_operator(user=_user(f"operator@{shop.slug}.example", "運用 花子"))
    for index in range(MONTHS):
        month = first.plus(index)
        say(f"{shop.slug}: sales of {month}, closed and paid")
        with clock.frozen(_evening(month.last_day)):
            _import(tenant, shop, month)
        _month_after(tenant, month.plus(1), index)
    say(f"{shop.slug}: sales of {this_month}")
    _import(tenant, shop, this_month)
    run_due(tenant.pk)
    with tenant_context(tenant):
        say(f"{shop.slug}: orders and quotes")
        _open_counter(shop)
        look_ahead(this_month)


def _open_counter(shop: Shop) -> None:
    customer = _busiest()
    member = _let_in(shop, customer)
    owed = list(_owed())
    counter.orders_and_quotes(customer, member)
    bank.pay_out()
    bank.transfers_and_files([each for each in owed if each[0] != customer])


def look_ahead(month: Month) -> None:
    """What the month would be billed, as an operator's press and a worker would find out."""
    run = ask_for_preview(month=month)
    run_preview(tenant_id=run.tenant_id, run_id=run.pk)


def _pay_by_card(say: Say, shops: Sequence[Shop]) -> None:
    """In each shop where no card has been entered."""
    for shop in shops:
        tenant = tenant_by_slug(shop.slug)
        assert tenant is not None
        with tenant_context(tenant):
            if CardSetup.objects.exists():
                continue
            member = Member.objects.select_related("customer").earliest("id")
        say(f"{shop.slug}: cards")
        with acting_as(Actor(ActorKind.COMMAND, "demo_data")):
            cards.orders_by_card(member.customer, member)


def _month_after(tenant: Tenant, month: Month, turn: int) -> None:
    """Documents go out on its first days and are paid on the 25th, if it has come."""
    payday = _evening(month.first_day + timedelta(days=24))
    with clock.frozen(min(payday, clock.now())):
        run_due(tenant.pk)
        if clock.now() == payday:
            with tenant_context(tenant):
                _pay(tenant, turn)
                bank.ask_for_payouts(_busiest(), clock.today(tenant.zone))
                bank.pay_out()


def _evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 20, tzinfo=ZoneInfo("Asia/Tokyo"))


def describe(shop: Shop) -> None:
    postcode, address = shop.address
    Issuer.objects.update(
        service_name=shop.service,
        registration_number=f"T{cn.calc_check_digit(shop.body_number)}{shop.body_number}",
        postcode=postcode,
        address=address,
        phone="03-0000-0000",
        email=f"billing@{shop.slug}.example",
    )
    bank_code, bank, branch_code, branch = shop.bank
    account = BankAccount.objects.create(
        bank_code=bank_code,
        bank_name=bank,
        branch_code=branch_code,
        branch_name=branch,
        number=f"{1234567 + shop.seed}",
        holder_kana="ｶ)ｱﾙﾌｱｼﾖｳﾒｲｼﾖ" if shop.slug == "alpha" else "ﾍﾞ-ﾀｻｲﾝ(ﾄﾞ",
    )
    set_payout_sender(
        sender_code=f"{shop.seed:010}",
        sender_name=account.holder_kana,
        bank_code=account.bank_code,
        branch_code=account.branch_code,
        account_kind=account.kind,
        account_number=account.number,
    )


def _import(tenant: Tenant, shop: Shop, month: Month) -> None:
    rows = sample_sales(
        month=month.first_day,
        customers=shop.customers,
        lines=shop.lines,
        seed=shop.seed,
        until=clock.today(tenant.zone),
    )
    with tenant_context(tenant):
        import_sales_file(content=write_sales_file(rows), file_name=f"sales-{month}.csv")
        for customer in Customer.objects.filter(name_kana=""):
            customer.name_kana = payer_name(customer.name)
            customer.save(update_fields=["name_kana"])


def _pay(tenant: Tenant, turn: int) -> None:
    """Most customers pay all they owe, each month another sixth nothing, and some less the bank's fee."""
    today, buyer = clock.today(tenant.zone), _busiest()
    for index, (customer, owed) in enumerate(_owed()):
        if (index + turn) % 6 == 5 and customer != buyer:
            continue
        is_short = (index + turn) % 9 == 0 and owed > 440 and customer != buyer
        receive_transfer(
            amount=owed - (440 if is_short else 0),
            payer_name=payer_name(customer.name),
            received_on=today,
            reference=f"demo-{turn}-{customer.code}",
            customer=customer,
        )


def _owed() -> Iterator[tuple[Customer, int]]:
    sums: dict[int, int] = {}
    for item in OpenItem.objects.filter(open_amount__gt=0).order_by("customer_id"):
        sums[item.customer_id] = sums.get(item.customer_id, 0) + item.open_amount
    for customer in Customer.objects.filter(pk__in=sums).order_by("code"):
        yield customer, sums[customer.pk]


def _busiest() -> Customer:
    lines = DocumentLine.objects.values("document__customer").annotate(count=Count("id"))
    busiest = lines.order_by("-count", "document__customer")[0]
    customer: Customer = Customer.objects.get(pk=busiest["document__customer"])
    return customer


def _let_in(shop: Shop, customer: Customer) -> Member:
    """Two members of the customer, of whom the first orders."""
    Customer.objects.filter(pk=customer.pk).update(credit_limit=50_000_000)
    buyer = add_member(
        customer=customer, user=_user(f"member@{shop.slug}.example", "発注 太郎"), name="発注 太郎"
    )
    add_member(
        customer=customer,
        user=_user(f"keiri@{shop.slug}.example", "経理 花子"),
        name="経理 花子",
        roles=["accounting"],
    )
    return buyer


def _user(email: str, name: str) -> User:
    return User.objects.create_user(email, PASSWORD, name=name)


def _sign_ins(shop: Shop) -> list[str]:
    tenant = tenant_by_slug(shop.slug)
    assert tenant is not None
    with tenant_context(tenant):
        company = Member.objects.select_related("customer").earliest("id").customer.name
    return [
        f"{shop.slug} ({shop.name})",
        f"  operator    operator@{shop.slug}.example   {PASSWORD}   /admin/",
        f"  customer    member@{shop.slug}.example     {PASSWORD}   {company}",
        f"  accounting  keiri@{shop.slug}.example      {PASSWORD}   {company}",
    ]
