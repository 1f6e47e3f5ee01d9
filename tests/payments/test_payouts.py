"""Pay-outs of deposit: who may ask for how much, the bank file, its execution, and what comes back (A15)."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code, Refusal
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from ledger.models import Account, CustomerBalance, Entry, ReservedFor
from ledger.reservations import reserve
from ledger.verification import verify
from payments.bank_files.layouts import Kind
from payments.bank_files.zengin import read_file
from payments.models import Payout, PayoutAccount, PayoutFile, PayoutState
from payments.rules import is_same_name
from payments.services import (
    confirm_payout_file,
    discard_payout_file,
    request_payout,
    return_payout,
    undo_match,
    withdraw_payout,
    write_payout_file,
)
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.payments.books import NOON, standing
from tests.payments.books import account as total_of
from tests.payments.payouts import account, ask, name_sender, pay_in
from tests.rivals import Rival, side_by_side

PAY_DAY = date(2027, 1, 4)  # last+ of December 2026


@pytest.fixture
def rich(december: None) -> Customer:
    """Has 100,000 yen of deposit, from ｶ)ｱｸﾒ."""
    customer = make_customer()
    pay_in(customer, 100_000)
    return customer


def payable(customer: Customer) -> int:
    return CustomerBalance.objects.get(customer=customer).payout_payable


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


class TestFile:
    def test_what_the_bank_reads(self, rich: Customer) -> None:
        name_sender()
        ask(rich, 33_000)
        ask(rich, 10_440, "アクメ（カ")
        file = write_payout_file(pay_on=PAY_DAY)
        content = bytes(file.content)
        assert (file.count, file.total) == (2, 42_560)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        lines = content.split(b"\r\n")
        assert [len(line) for line in lines] == [120, 120, 120, 120, 120, 0]
        header, first = lines[0].decode("cp932"), lines[1].decode("cp932")
        assert header[:54] == "1210" + "0000000123" + "ｱﾙﾌｱ ｼﾖｳﾒｲｼﾖ".ljust(40)
        assert header[54:62] == "0104" + "0001"
        assert header[77:80] + header[95:103] == "100" + "1" + "1234567"
        assert first[:5] + first[20:23] + first[42:50] == "20005" + "001" + "17654321"
        assert first[50:91] == "ｶ)ｱｸﾒ".ljust(30) + "0000032560" + "0"
        assert lines[3][:19] == b"8000002000000042560"
        read = read_file(content)
        assert read.kind == Kind.TRANSFERS
        assert [row.text("receiver_name") for row in read.batches[0].data] == ["ｶ)ｱｸﾒ", "ｱｸﾒ(ｶ"]

    def test_written_once_and_again_only_for_what_is_new(self, rich: Customer) -> None:
        name_sender()
        ask(rich, 1_000)
        file = write_payout_file(pay_on=PAY_DAY)
        ask(rich, 2_000)
        assert write_payout_file(pay_on=PAY_DAY) == file
        confirm(file)
        second = write_payout_file(pay_on=PAY_DAY)
        assert (second.pk != file.pk, second.count, second.total) == (True, 1, 1_560)

    def test_nothing_due_or_nobody_to_send_it(self, rich: Customer) -> None:
        ask(rich, 1_000)
        with refused(Code.INVALID_INPUT):
            write_payout_file(pay_on=PAY_DAY)
        name_sender()
        with refused(Code.NOTHING_TO_PAY_OUT):
            write_payout_file(pay_on=date(2027, 1, 3))
        assert Payout.objects.get().state == PayoutState.ASKED

    def test_in_a_file_it_is_not_withdrawn(self, rich: Customer) -> None:
        name_sender()
        payout = ask(rich, 1_000)
        file = write_payout_file(pay_on=PAY_DAY)
        with refused(Code.ALREADY_PAID):
            withdraw_payout(payout=payout)
        discard_payout_file(file=file)
        assert discard_payout_file(file=file).state == "discarded"
        assert withdraw_payout(payout=payout).state == PayoutState.WITHDRAWN
        assert withdraw_payout(payout=payout).state == PayoutState.WITHDRAWN
        assert (standing(rich), payable(rich), total_of(Account.TRANSFER_FEES)) == ((0, 100_000), 0, 0)
        assert verify() == []

    def test_a_discarded_file_is_written_anew(self, rich: Customer) -> None:
        name_sender()
        ask(rich, 1_000)
        discarded = write_payout_file(pay_on=PAY_DAY)
        discard_payout_file(file=discarded)
        again = write_payout_file(pay_on=PAY_DAY)
        assert (again.pk != discarded.pk, again.sha256) == (True, discarded.sha256)
        with refused(Code.ALREADY_CANCELLED):
            confirm(discarded)
        assert confirm(again).state == "confirmed"
        with refused(Code.ALREADY_PAID):
            discard_payout_file(file=again)


def confirm(file: PayoutFile, **options: object) -> PayoutFile:
    with clock.frozen(at("2027-01-04 15:00")):
        return confirm_payout_file(file=file, **options)  # type: ignore[arg-type]


class TestExecution:
    @pytest.fixture
    def file(self, rich: Customer) -> PayoutFile:
        name_sender()
        ask(rich, 33_000)
        return write_payout_file(pay_on=PAY_DAY)

    def test_booked_once_with_the_banks_own_fee(self, rich: Customer, file: PayoutFile) -> None:
        for _ in range(2):
            confirm(file, bank_fee=330)
        assert (payable(rich), standing(rich)) == (0, (0, 67_000))
        # 100,000 came; 32,560 and 330 left. Of the 440 passed on 110 remain.
        assert (total_of(Account.BANK), total_of(Account.TRANSFER_FEES)) == (67_110, -110)
        assert Payout.objects.get().executed_on == PAY_DAY
        assert AuditEntry.objects.filter(action="payout_file_confirmed").count() == 1
        assert Mail.objects.filter(kind="payout_executed").count() == 1
        assert "2027-01-04" in letters("payout_executed")[0].text
        assert verify() == []

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ({"executed_on": date(2027, 1, 5)}, Code.INVALID_DATE),
            ({"executed_on": date(2026, 12, 9)}, Code.INVALID_DATE),
            ({"bank_fee": -1}, Code.INVALID_AMOUNT),
        ],
    )
    def test_what_cannot_be(self, file: PayoutFile, options: dict[str, object], code: Code) -> None:
        with refused(code):
            confirm(file, **options)
        assert Payout.objects.get().state == PayoutState.IN_FILE

    def test_returned_by_the_bank(self, rich: Customer, file: PayoutFile) -> None:
        payout = Payout.objects.get()
        with refused(Code.NOT_PAID):
            return_payout(payout=payout)
        confirm(file)
        with clock.frozen(at("2027-01-06 10:00")):
            for day in (date(2027, 1, 3), date(2027, 1, 7)):
                with refused(Code.INVALID_DATE):
                    return_payout(payout=payout, on=day)
            for _ in range(2):
                return_payout(payout=payout, reason="口座なし")
        # The fee of 440 stays with the bank.
        assert (payable(rich), standing(rich)) == (0, (0, 99_560))
        assert (total_of(Account.BANK), total_of(Account.TRANSFER_FEES)) == (100_000, -440)
        assert Entry.objects.filter(reason="payout_returned").count() == 1
        assert "口座なし" in letters("payout_returned")[0].text
        assert verify() == []

    def test_the_books_are_checked(self, rich: Customer, file: PayoutFile) -> None:
        """A pay-out whose state and entries differ is found."""
        Payout.objects.update(state=PayoutState.PAID)
        assert [each.check for each in verify()] == ["pay-outs not yet executed are payout_payable"]


class TestRaces:
    @pytest.fixture
    def shared(self, tenant: Tenant) -> Customer:
        with tenant_context(tenant), clock.frozen(NOON):
            customer = make_customer()
            pay_in(customer, 10_000)
            name_sender()
        return customer

    def test_the_second_of_two_waits_and_is_refused(self, tenant: Tenant, shared: Customer) -> None:
        with clock.frozen(NOON), tenant_context(tenant):
            ask(shared, 6_000)  # not committed yet
            second = Rival(tenant, NOON, lambda: ask(shared, 6_000)).start()
            waited = second.waits()
        second.join()
        assert waited
        assert isinstance(second.error, Refusal)
        assert second.error.code == Code.INSUFFICIENT_DEPOSIT

    def test_without_the_lock_both_would_be_judged_by_the_same_deposit(
        self, tenant: Tenant, shared: Customer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The race as it would be: only the database's own constraint then guards the deposit."""
        monkeypatch.setattr(
            "payments.services.payouts.asking.lock_balance",
            lambda customer_id: CustomerBalance.objects.get(customer_id=customer_id),
        )
        with clock.frozen(NOON), tenant_context(tenant):
            ask(shared, 6_000)
            second = Rival(tenant, NOON, lambda: ask(shared, 6_000)).start()
            assert second.waits()  # only when it books, having judged already
        second.join()
        assert isinstance(second.error, IntegrityError)
        assert "ledger_balance_signs" in str(second.error)

    def test_eight_at_once_take_what_there_is_and_no_more(self, tenant: Tenant, shared: Customer) -> None:
        done = side_by_side(tenant, NOON, [lambda: ask(shared, 3_000)] * 8)
        assert sum(each.error is None for each in done) == 3
        with tenant_context(tenant):
            assert (standing(shared), payable(shared)) == ((0, 1_000), 3 * 2_560)
            assert verify() == []

    def test_two_operators_write_one_file(self, tenant: Tenant, shared: Customer) -> None:
        with tenant_context(tenant), clock.frozen(NOON):
            ask(shared, 3_000)
            ask(shared, 3_000)
        done = side_by_side(tenant, NOON, [lambda: write_payout_file(pay_on=PAY_DAY).pk] * 4)
        assert [each.error for each in done] == [None] * 4
        assert len({each.result for each in done}) == 1
        with tenant_context(tenant):
            assert PayoutFile.objects.count() == 1
            assert verify() == []

    def test_the_database_allows_one_open_file_a_day(self, tenant: Tenant, shared: Customer) -> None:
        with tenant_context(tenant), clock.frozen(NOON):
            ask(shared, 3_000)
            file = write_payout_file(pay_on=PAY_DAY)
            facts = {"count": 1, "total": 1, "written_at": NOON, "sha256": "", "content": b""}
            with pytest.raises(IntegrityError), transaction.atomic():
                PayoutFile.objects.create(pay_on=file.pay_on, **facts)

    def test_withdrawn_or_written_but_not_both(self, tenant: Tenant, shared: Customer) -> None:
        with tenant_context(tenant), clock.frozen(NOON):
            payout = ask(shared, 3_000)
        acts = [lambda: withdraw_payout(payout=payout), lambda: write_payout_file(pay_on=PAY_DAY)]
        done = side_by_side(tenant, NOON, acts)
        assert sorted(type(each.error).__name__ for each in done) == ["NoneType", "Refusal"]
        with tenant_context(tenant):
            assert verify() == []

    def test_confirmed_by_four_at_once_and_booked_once(self, tenant: Tenant, shared: Customer) -> None:
        with tenant_context(tenant), clock.frozen(NOON):
            ask(shared, 3_000)
            file = write_payout_file(pay_on=PAY_DAY)
        later = at("2027-01-04 15:00")
        done = side_by_side(tenant, later, [lambda: confirm_payout_file(file=file, bank_fee=1)] * 4)
        assert [each.error for each in done] == [None] * 4
        with tenant_context(tenant):
            assert total_of(Account.BANK) == 10_000 - 2_560 - 1
            assert verify() == []
