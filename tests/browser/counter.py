"""A shop with one order under way, money of its customer, and who works on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from accounts.models import Customer, Member, Tenant, User
from accounts.services import add_member, add_operator
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from ledger.verification import verify
from orders.models import Order
from orders.services import OrderedLine, place_order
from payments.services import receive_transfer
from tests.factories import make_customer, make_tenant, make_user, unique
from tests.web.world import PASSWORD


@dataclass
class Counter:
    tenant: Tenant
    customer: Customer
    buyer: User
    operator: User
    order: Order

    def count(self, model: Any, **which: Any) -> int:
        with tenant_context(self.tenant):
            return int(model.objects.filter(**which).count())

    def line(self) -> str:
        """The state of the order's line."""
        with tenant_context(self.tenant):
            return str(self.order.lines.get().state)

    def books_hold(self) -> bool:
        with tenant_context(self.tenant):
            return verify() == []


def make_counter() -> Counter:
    tenant = make_tenant()
    with tenant_context(tenant):
        customer = make_customer(payer_name="ｶ)ｱｸﾒ")
        buyer, operator = make_user(password=PASSWORD), make_user(password=PASSWORD)
        member: Member = add_member(customer=customer, user=buyer, name="発注 太郎")
        add_operator(user=operator)
        order = place_order(customer=customer, member=member, lines=[OrderedLine("DV-1Y", 1)])
        pay_in(100_000, customer)
    return Counter(tenant, customer, buyer, operator, order)


def pay_in(amount: int, customer: Customer | None, payer: str = "ｶ)ｱｸﾒ") -> Any:
    return receive_transfer(
        amount=amount,
        payer_name=payer,
        received_on=clock.today(),
        reference=unique("in"),
        customer=customer,
    )


def fill_payout(page: Page) -> None:
    """33,000 yen to the customer's own account."""
    told = {"amount": "33,000", "bank_code": "0005", "branch_code": "001", "account_number": "7654321"}
    for name, text in {**told, "holder_kana": "ｶ)ｱｸﾒ"}.items():
        page.locator(f"[name={name}]").fill(text)


def fill_transfer(page: Page) -> None:
    """7,700 yen of nobody known."""
    for name, text in {"amount": "7,700", "payer_name": "ﾔﾏﾀﾞ", "reference": unique("in")}.items():
        page.locator(f"[name={name}]").fill(text)
