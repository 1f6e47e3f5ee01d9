"""Payments, statement of account, deposit and pay-outs in the control panel."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Role
from billing_project import clock
from billing_project.tenancy.context import tenant_context
from ledger.models import CustomerBalance
from payments.models import Payout
from payments.services import receive_transfer, request_payout
from tests.payments.payouts import account
from tests.web.world import NOW, World, make_world

ACCOUNT = {
    "bank_code": "0005",
    "branch_code": "001",
    "account_kind": "1",
    "account_number": "7654321",
    "holder_kana": "アクメ（カ",
}
PAGES = ("payments:list", "payments:csv", "payments:statement", "payments:statement_csv", "payments:deposit")


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def paid() -> World:
    """The first company has paid its bill and 50,000 yen beyond."""
    world = make_world()
    with tenant_context(world.tenant), clock.frozen(NOW):
        receive_transfer(
            amount=world.company.document.to_pay + 50_000,
            payer_name="ｶ)ｱｸﾒ",
            received_on=date(2026, 11, 3),
            reference="1",
            customer=world.company.customer,
        )
    return world


@pytest.fixture
def world() -> World:
    """For tests that change something."""
    return paid()


@pytest.fixture(scope="module")
def seen(database: None) -> World:
    """For tests that change nothing."""
    return paid()


def deposit(world: World) -> int:
    with tenant_context(world.tenant):
        return int(CustomerBalance.objects.get(customer=world.company.customer).deposit)


def asked(world: World) -> list[Payout]:
    with tenant_context(world.tenant):
        return list(Payout.objects.filter(customer=world.company.customer, state="asked"))


def send(world: World, who: str = Role.AUTHORITY, **changed: Any) -> Any:
    fields = {**ACCOUNT, "amount": "33,000", "submission": str(uuid.uuid4()), **changed}
    return world.client(who).post(reverse("payments:new_payout"), fields)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", [Role.AUTHORITY, Role.ACCOUNTING])
def test_who_may_see_all_documents_sees_the_money(seen: World, page: str, who: str) -> None:
    assert seen.client(who).get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "payments:new_payout"])
def test_a_requester_does_not(seen: World, page: str) -> None:
    assert seen.client(Role.REQUESTER).get(reverse(page)).status_code == 403


def test_a_requester_cannot_ask_for_a_payout(world: World) -> None:
    assert send(world, Role.REQUESTER).status_code == 403
    assert asked(world) == []


def test_what_was_paid_and_for_what(seen: World) -> None:
    html = text_of(seen.client().get(reverse("payments:list")))
    assert seen.company.document.number in html
    assert "ｶ)ｱｸﾒ" in html
    lines = seen.client().get(reverse("payments:csv")).content.decode("utf-8-sig").splitlines()
    assert seen.company.document.number in lines[1]
    assert lines[1].endswith(",50000")


def test_the_statement_as_page_file_and_print(seen: World) -> None:
    client = seen.client()
    address = reverse("payments:statement")
    html = text_of(client.get(address, {"first": "2026-10-01", "last": "2026-11-30"}))
    assert seen.company.document.number in html
    assert "50,000" in html
    printed = text_of(client.get(address, {"first": "2026-10-01", "last": "2026-11-30", "print": "1"}))
    assert seen.company.customer.code in printed
    assert "bottom-nav" not in printed
    file = client.get(reverse("payments:statement_csv"), {"first": "2026-10-01", "last": "2026-11-30"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[1].split(",")[0] == "2026-10-01"
    assert lines[-1].split(",")[-1] == "50000"
    assert client.get(address, {"first": "2026-12-01", "last": "2026-11-30"}).status_code == 200
    assert client.get(address, {"first": "x"}).status_code == 200


def test_deposit_with_its_history(world: World) -> None:
    html = text_of(world.client().get(reverse("payments:deposit")))
    assert "50,000" in html
    assert reverse("payments:new_payout") in html


def test_a_payout_is_asked_for_and_withdrawn(world: World) -> None:
    page = world.client().get(reverse("payments:new_payout"))
    assert "ｶ)ｱｸﾒ" in text_of(page)
    assert send(world).status_code == 302
    [payout] = asked(world)
    assert (payout.amount, payout.holder_kana, payout.pay_on) == (33_000, "ｱｸﾒ(ｶ", date(2026, 11, 30))
    assert deposit(world) == 17_000
    # The account is offered again.
    assert "7654321" in text_of(world.client().get(reverse("payments:new_payout")))
    address = reverse("payments:withdraw", args=[payout.public_id])
    assert world.client(Role.REQUESTER).post(address).status_code == 403
    assert world.client(company=1).post(address).status_code == 404
    assert world.client().get(address).status_code == 200
    assert world.client().post(address).status_code == 302
    assert (asked(world), deposit(world)) == ([], 50_000)


def test_without_free_deposit_there_is_no_form_but_the_reason(seen: World) -> None:
    address = reverse("payments:new_payout")
    assert 'name="amount"' in text_of(seen.client().get(address))
    html = text_of(seen.client(company=1).get(address))
    assert "払い戻しできる金額がありません" in html
    assert 'name="amount"' not in html


def test_the_form_sent_twice_is_one_payout(world: World) -> None:
    submission = str(uuid.uuid4())
    assert [send(world, submission=submission).status_code for _ in range(2)] == [302, 302]
    assert len(asked(world)) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": "50,001"}, "50000円"),
        ({"amount": "440"}, "440円"),
        ({"amount": "x"}, ""),
        ({"holder_kana": "ヤマダ"}, "名義"),
        ({"holder_kana": "株式会社アクメ"}, "名義"),
        ({"bank_code": "12"}, "銀行コードは4桁"),
        ({"account_number": "１２３４５６７"}, "口座番号は7桁"),
    ],
)
def test_what_is_refused_is_said(world: World, changed: dict[str, str], said: str) -> None:
    answer = send(world, **changed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert (asked(world), deposit(world)) == ([], 50_000)


def test_no_money_of_another_company(world: World) -> None:
    with tenant_context(world.tenant):
        request_payout(customer=world.company.customer, amount=1_000, account=account())
    other = world.client(company=1)
    for page in PAGES:
        html = other.get(reverse(page)).content.decode()
        assert world.company.document.number not in html
        assert "ｶ)ｱｸﾒ" not in html
