"""Who acts is judged as he stands when it is his turn, not as the caller has loaded him."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from accounts.models import Customer, Member, Role, Tenant
from accounts.services import change_roles, remove_member
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from cancellations.models import Cancellation
from cancellations.services import cancel
from ledger.services import lock_balance
from orders.models import Order, Quote
from orders.quote_rules import QuotedLine
from orders.services.quotes import make_quote
from payments.models import Payout
from payments.services import request_payout
from tests.acts import at, refused
from tests.factories import make_customer
from tests.orders.factories import make_member, order_of
from tests.payments.payouts import account, pay_in
from tests.rivals import Rival

NOON = at("2026-12-10 12:00")


@dataclass
class Company:
    """With a member who may do everything, as loaded before; another holds authority too."""

    customer: Customer
    member: Member
    order: Order


def make_company() -> Company:
    with clock.frozen(NOON):
        customer = make_customer(payer_name="ｶ)ｱｸﾒ")
        make_member(customer)
        member = make_member(customer, [Role.AUTHORITY])
        pay_in(customer, 10_000)
        return Company(customer, member, order_of(customer, member=member))


@pytest.fixture
def company(in_tenant: Tenant) -> Company:
    return make_company()


ACTS: dict[str, Callable[[Company], object]] = {
    "order": lambda each: order_of(each.customer, member=each.member),
    "quote": lambda each: make_quote(
        customer=each.customer, member=each.member, lines=[QuotedLine("DV-1Y", 1)]
    ),
    "cancel": lambda each: cancel(order=each.order, member=each.member),
    "payout": lambda each: request_payout(
        customer=each.customer, amount=1_000, account=account(), member=each.member
    ),
}
WITHOUT = {"order": Role.ACCOUNTING, "quote": Role.ACCOUNTING, "cancel": Role.ACCOUNTING}
each_act = pytest.mark.parametrize("name", ACTS)


def done() -> list[int]:
    return [model.objects.count() for model in (Order, Quote, Cancellation, Payout)]


@each_act
def test_who_has_lost_the_right_is_refused(name: str, company: Company) -> None:
    before = done()
    change_roles(member=company.member, roles=[WITHOUT.get(name, Role.REQUESTER)])
    with clock.frozen(NOON), refused(Code.NOT_PERMITTED):
        ACTS[name](company)
    assert done() == before


@each_act
def test_who_was_removed_is_refused(name: str, company: Company) -> None:
    before = done()
    remove_member(member=company.member)
    with clock.frozen(NOON), refused(Code.NOT_PERMITTED):
        ACTS[name](company)
    assert done() == before


@each_act
def test_who_still_has_it_is_not(name: str, company: Company) -> None:
    with clock.frozen(NOON):
        ACTS[name](company)


@pytest.mark.parametrize("name", ["order", "cancel", "payout"])
def test_a_right_that_is_lost_while_the_act_waits_for_its_turn(name: str, tenant: Tenant) -> None:
    with tenant_context(tenant):
        company = make_company()
    with tenant_context(tenant):
        lock_balance(company.customer.pk)
        rival = Rival(tenant, NOON, lambda: ACTS[name](company)).start()
        assert rival.waits()
        remove_member(member=company.member)
    rival.join()
    assert isinstance(rival.error, Refusal)
    assert rival.error.code == Code.NOT_PERMITTED
