"""Asking for a pay-out of deposit: who may ask for how much, to which account, paid when (A15)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.errors import Code, Refusal
from billing_project.tenancy.context import tenant_context
from ledger.models import Account, Entry, ReservedFor
from ledger.reservations import reserve
from ledger.verification import verify
from payments.models import Payout, PayoutAccount
from payments.rules import is_same_name
from payments.services import (
    request_payout,
    undo_match,
    withdraw_payout,
)
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.payments.books import NOON, standing
from tests.payments.books import account as total_of
from tests.payments.payouts import account, ask, pay_in, payable

PAY_DAY = date(2027, 1, 4)  # last+ of December 2026


class TestAsking:
    def test_booked_as_the_ledger_says(self, rich: Customer) -> None:
        payout = ask(rich, 33_000)
        assert (payout.amount, payout.fee, payout.net, payout.pay_on) == (33_000, 440, 32_560, PAY_DAY)
        assert (standing(rich), payable(rich)) == ((0, 67_000), 32_560)
        assert total_of(Account.TRANSFER_FEES) == -440
        entry = Entry.objects.get(reason="payout_asked")
        assert (entry.source_id, entry.booked_on) == (payout.pk, date(2026, 12, 10))
        assert verify() == []

    def test_the_account_is_remembered_in_the_banks_spelling(self, rich: Customer) -> None:
        ask(rich, 1_000, "カ）アクメ")
        request_payout(customer=rich, amount=1_000, account=account(account_number="0000001"))
        remembered = PayoutAccount.objects.get(customer=rich)
        assert (remembered.holder_kana, remembered.account_number) == ("ｶ)ｱｸﾒ", "0000001")
        assert Payout.objects.earliest("pk").account_number == "7654321"

    @pytest.mark.parametrize(
        ("amount", "holder", "code"),
        [
            (0, "ｶ)ｱｸﾒ", Code.INVALID_AMOUNT),
            (-1, "ｶ)ｱｸﾒ", Code.INVALID_AMOUNT),
            (100_001, "ｶ)ｱｸﾒ", Code.INSUFFICIENT_DEPOSIT),
            (100_001, "ﾔﾏﾀﾞ", Code.INSUFFICIENT_DEPOSIT),
            (100, "ﾔﾏﾀﾞ", Code.REFUND_NAME_MISMATCH),
            (439, "ｶ)ｱｸﾒ", Code.PAYOUT_TOO_SMALL),
            (440, "ｶ)ｱｸﾒ", Code.PAYOUT_TOO_SMALL),
        ],
    )
    def test_refused(self, rich: Customer, amount: int, holder: str, code: Code) -> None:
        with refused(code):
            ask(rich, amount, holder)
        assert standing(rich) == (0, 100_000)
        assert not Payout.objects.exists()

    def test_all_of_it_and_the_smallest(self, rich: Customer) -> None:
        assert ask(rich, 441).net == 1
        assert ask(rich, 99_559).net == 99_119
        assert standing(rich) == (0, 0)

    @pytest.mark.parametrize(
        "change",
        [
            {"bank_code": "123"},
            {"bank_code": "１２３４"},
            {"branch_code": "1234"},
            {"account_kind": "3"},
            {"account_number": "12345678"},
            {"account_number": ""},
        ],
    )
    def test_accounts_that_cannot_be(self, rich: Customer, change: dict[str, str]) -> None:
        with pytest.raises(Refusal) as refusal:
            request_payout(customer=rich, amount=1_000, account=account(**change))
        assert refusal.value.code == Code.INVALID_INPUT
        assert [each["field"] for each in refusal.value.details["problems"]] == list(change)

    def test_what_is_reserved_is_not_free(self, rich: Customer) -> None:
        reserve(customer_id=rich.pk, purpose=ReservedFor.ORDER, source_id=1, amount=60_000)
        with refused(Code.INSUFFICIENT_DEPOSIT):
            ask(rich, 40_001)
        assert ask(rich, 40_000).amount == 40_000

    def test_a_match_undone_takes_its_name_along(self, rich: Customer) -> None:
        other = pay_in(rich, 5_000, "ﾔﾏﾀﾞ ﾀﾛｳ", "in-2")
        assert ask(rich, 1_000, "ヤマダタロウ").amount == 1_000
        undo_match(payment=other)
        with refused(Code.REFUND_NAME_MISMATCH):
            ask(rich, 1_000, "ヤマダタロウ")

    def test_the_form_sent_twice_is_one_pay_out(self, rich: Customer) -> None:
        submission = uuid4()
        first, second = (
            request_payout(customer=rich, amount=1_000, account=account(), submission=submission)
            for _ in range(2)
        )
        assert first == second
        assert standing(rich) == (0, 99_000)

    def test_another_amount_in_a_form_that_was_sent_is_refused(self, rich: Customer) -> None:
        submission = uuid4()
        request_payout(customer=rich, amount=1_000, account=account(), submission=submission)
        with refused(Code.INVALID_INPUT):
            request_payout(customer=rich, amount=2_000, account=account(), submission=submission)
        assert standing(rich) == (0, 99_000)

    @pytest.mark.parametrize(
        ("asked", "paid"),
        [
            ("2026-11-20 23:59", date(2026, 11, 30)),
            ("2026-11-21 00:00", date(2027, 1, 4)),
            ("2026-12-20 12:00", date(2027, 1, 4)),
            ("2026-12-21 12:00", date(2027, 2, 1)),
        ],
    )
    def test_this_month_or_the_next(self, tenant: Tenant, asked: str, paid: date) -> None:
        with tenant_context(tenant):
            customer = make_customer()
            with clock.frozen(NOON):
                pay_in(customer, 1_000)
            with clock.frozen(at(asked)):
                assert ask(customer, 1_000).pay_on == paid

    def test_the_customer_is_told_at_each_step(self, rich: Customer) -> None:
        payout = ask(rich, 33_000)
        [asked] = letters("payout_asked")
        assert "デポジット払い戻しのお申込みを承りました" in asked.subject
        assert "32,560円" in asked.text
        assert "2027-01-04" in asked.text
        assert "7654321" not in asked.text
        withdraw_payout(payout=payout, reason="誤り")
        assert "33,000円はデポジットに戻りました" in letters("payout_withdrawn")[0].text


@pytest.mark.parametrize(
    ("holder", "payer", "same"),
    [
        ("ｶ)ｱｸﾒ", "ｱｸﾒ(ｶ", True),
        ("アクメ", "ｶ)ｱｸﾒ", True),
        ("ｱｸﾒｼﾖｳｶｲ", "ﾕ)ｱｸﾒ ｼﾖｳｶｲ", True),
        ("ｱｸﾒ", "900123 ｶ)ｱｸﾒ", True),
        ("ｱｸﾒ", "ｱｸﾒｼﾖｳｶｲ", False),
        ("ｱｸﾒｼﾖｳｶｲ", "ｱｸﾒ", False),
        ("ｶ)", "ｶ)", False),
        ("", "ｱｸﾒ", False),
        # The payer's name was cut by the bank at 48 characters.
        ("ﾅｶﾞｲ" * 13, "ﾅｶﾞｲ" * 12, True),
        ("ﾅｶﾞｲ" * 12, "ﾅｶﾞｲ" * 11, False),
    ],
)
def test_the_same_name(holder: str, payer: str, same: bool) -> None:
    assert is_same_name(holder, payer) is same
