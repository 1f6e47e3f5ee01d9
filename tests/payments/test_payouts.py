"""Pay-outs of deposit: the bank file, its execution, what comes back, and two at once (A15)."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code, Refusal
from billing_project.outbox.models import Mail
from billing_project.tenancy.context import tenant_context
from ledger.models import Account, CustomerBalance, Entry
from ledger.verification import verify
from payments.bank_files.layouts import Kind
from payments.bank_files.zengin import read_file
from payments.models import Payout, PayoutFile, PayoutState
from payments.services import (
    confirm_payout_file,
    discard_payout_file,
    return_payout,
    withdraw_payout,
    write_payout_file,
)
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.payments.books import NOON, standing
from tests.payments.books import account as total_of
from tests.payments.payouts import ask, name_sender, pay_in, payable
from tests.rivals import Rival, side_by_side

PAY_DAY = date(2027, 1, 4)  # last+ of December 2026


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
