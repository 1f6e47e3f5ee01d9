"""Tenants with everything the control panel shows, built once for all tests that only look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client

from accounts.models import ApiKey, Customer, Member, Role, Tenant, User
from accounts.services import add_member
from accounts.services.api_keys import create_api_key
from accounts.services.calendar_links import make_calendar_link
from accounts.services.invitations import token_for
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from invoices.models import Document
from invoices.services.closing import close_period, issue_closing
from invoices.services.links import create_link
from orders.models import Order, Quote
from orders.quote_rules import QuotedLine
from orders.services import OrderedLine, deliver, place_order
from orders.services.quotes import create_quote_link, make_quote
from payments.models import Card, CardPayment, Payout
from payments.services.cards import collect
from tests.acts import at
from tests.factories import make_customer, make_tenant, make_user
from tests.payments.cards import intended, saved

NOW = at("2026-11-03 09:00")
PASSWORD = "correct-horse-battery"


@dataclass
class Company:
    """A customer with one member of each kind. The requester's own invoice is `own`, the accounting's all."""

    customer: Customer
    members: dict[str, Member] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    billed: Order = None  # type: ignore[assignment]
    open: Order = None  # type: ignore[assignment]
    document: Document = None  # type: ignore[assignment]
    quote: Quote = None  # type: ignore[assignment]
    card: Card = None  # type: ignore[assignment]
    card_payment: CardPayment = None  # type: ignore[assignment]
    payout: Payout = None  # type: ignore[assignment]
    api_key: ApiKey = None  # type: ignore[assignment]


@dataclass
class World:
    tenant: Tenant
    companies: list[Company]
    link: str
    invitation: str
    quote_link: str
    calendar: str

    @property
    def company(self) -> Company:
        return self.companies[0]

    def client(self, who: str = Role.AUTHORITY, company: int = 0) -> Client:
        return sign_in(self.companies[company].users[who], self.tenant)


def visitor(tenant: Tenant | None = None, **options: Any) -> Client:
    host = f"{tenant.slug}.localhost" if tenant else "localhost"
    return Client(HTTP_HOST=host, **options)


def sign_in(user: User, tenant: Tenant) -> Client:
    """As after a sign-in at this tenant now; the way through the form is tested by itself."""
    client = visitor(tenant)
    client.force_login(user)
    session = client.session
    session["tenant_id"] = tenant.pk
    session["seen_at"] = int(clock.now().timestamp())
    session.save()
    return client


def make_world() -> World:
    """Two companies: orders of October, delivered and billed on 11-01, and an open one of 11-02."""
    with clock.frozen(at("2026-01-01 00:00")):
        tenant = make_tenant()
    companies = [_company(tenant, "株式会社アクメ"), _company(tenant, "みなと商会")]
    with clock.frozen(at("2026-11-01 00:00")), tenant_context(tenant):
        closing = close_period(closes_on=date(2026, 10, 31))
    with clock.frozen(at("2026-11-01 07:00")), tenant_context(tenant):
        issue_closing(closing=closing)
    with clock.frozen(at("2026-11-02 10:00")), tenant_context(tenant):
        for company in companies:
            company.document = Document.objects.get(customer=company.customer)
            company.open = order_of(company, "DV-1Y", 2)
            deliver(order=company.open, line_position=1)
            company.quote = make_quote(
                customer=company.customer,
                member=company.members[Role.AUTHORITY],
                lines=[QuotedLine("DV-1Y", 3)],
            )
            company.card = saved(company.customer, confirms_from=1)
            company.card_payment = collect(intended(company.card))
            company.payout = Payout.objects.create(
                customer=company.customer,
                state="withdrawn",
                amount=1_000,
                fee=440,
                asked_at=clock.now(),
                pay_on=date(2026, 11, 30),
                account_number="7654321",
            )
            company.api_key, _token = create_api_key(
                member=company.members[Role.AUTHORITY], name="会計システム"
            )
        token = create_link(document=companies[0].document, email="keiri@example.com")
        invited = add_member(
            customer=companies[0].customer, user=make_user(), name="新人", roles=["requester"]
        )
        quote_link = create_quote_link(quote=companies[0].quote, email="keiri@example.com")
        calendar = make_calendar_link(member=companies[0].members[Role.AUTHORITY])
        return World(tenant, companies, token, token_for(invited), quote_link, calendar)


def _company(tenant: Tenant, name: str) -> Company:
    with clock.frozen(at("2026-10-05 10:00")), tenant_context(tenant):
        company = Company(make_customer(name))
        for role in (Role.AUTHORITY, Role.REQUESTER, Role.ACCOUNTING):
            user = make_user()
            company.users[role] = user
            company.members[role] = add_member(
                customer=company.customer, user=user, name=f"{role.label}", roles=[role]
            )
        company.billed = order_of(company, "WC-1Y", 1)
    with clock.frozen(at("2026-10-30 10:00")), tenant_context(tenant):
        deliver(order=company.billed)
    return company


def order_of(company: Company, sku: str, quantity: int, who: str = Role.REQUESTER) -> Order:
    return place_order(
        customer=company.customer, member=company.members[who], lines=[OrderedLine(sku, quantity)]
    )
