"""Bank files imported: what is booked, once, by whom it is paid, and how it is undone."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Customer, Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from invoices.models import Allocation, AllocationSource, Document
from ledger.models import Account, Entry
from ledger.verification import verify
from payments.bank_files.errors import BankFileRejected
from payments.models import BankCsvMapping, BankFile, Match, MatchKind, Payment, PaymentState
from payments.selectors import bank_files
from payments.services import import_bank_file, set_virtual_account, undo_match
from payments.services.matching import lock_payment
from tests.acts import letters, refused
from tests.factories import make_customer
from tests.payments.books import NOON, account, load, open_sums, standing
from tests.payments.files import incoming
from tests.rivals import Rival, side_by_side


class TestBooking:
    def test_known_payers_pay_and_others_wait(self, acme: Customer) -> None:
        result = load(("ｶ)ｱｸﾒ", 66_000), ("ﾕ)ｼﾗﾅｲ", 500), ("ﾕ)ｼﾗﾅｲ", 33_000))
        assert result.kinds == {"exact": 1}
        assert open_sums() == [33_000, 0]
        assert standing(acme) == (33_000, 0)
        assert (account(Account.BANK), account(Account.SUSPENSE)) == (99_500, -33_500)
        file = BankFile.objects.get()
        assert (file.entries, file.total, file.known) == (3, 99_500, 0)
        assert (file.matched, file.exact, file.suggested, file.unmatched) == (1, 1, 1, 1)
        assert {payment.bank_number for payment in Payment.objects.all()} == {"1", "2", "3"}
        assert {entry.booked_on for entry in Entry.objects.filter(reason="payment")} == {date(2026, 12, 7)}
        assert verify() == []

    def test_several_transfers_of_one_customer_one_after_the_other(self, acme: Customer) -> None:
        result = load(("ｶ)ｱｸﾒ", 33_000), ("ｱｸﾒ(ｶ", 1), ("ｶ)ｱｸﾒ", 66_000), ("ｶ)ｱｸﾒ", 700))
        # The second spelling is not the learned name, and the customer has no kana name.
        assert result.kinds == {"exact": 2, "no_open_document": 1}
        assert open_sums() == [0, 0]
        assert standing(acme) == (0, 700)
        assert verify() == []

    def test_the_document_named(self, acme: Customer) -> None:
        newer = Document.objects.get(total=66_000)
        load({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "edi": newer.number})
        assert open_sums() == [33_000, 33_000]

    def test_a_virtual_account(self, acme: Customer) -> None:
        set_virtual_account(customer=acme, number="1001234567")
        load({"payer_name": "ﾔﾏﾀﾞ ﾀﾛｳ", "amount": 33_000, "payer_code": "1001234567"})
        assert open_sums() == [0, 66_000]
        with refused(Code.INVALID_INPUT):
            set_virtual_account(customer=make_customer("他社"), number="1001234567")
        with refused(Code.INVALID_INPUT):
            set_virtual_account(customer=acme, number="12")

    def test_the_customer_number(self, acme: Customer) -> None:
        load((f"{acme.code} ﾔﾏﾀﾞ", 33_000))
        assert standing(acme) == (66_000, 0)

    def test_audit(self, acme: Customer) -> None:
        load(("ｶ)ｱｸﾒ", 33_000))
        entry = AuditEntry.objects.get(action="bank_file_imported")
        assert entry.data == {"name": "20261207.txt", "entries": 1, "total": 33_000, "exact": 1}


class TestOnce:
    def test_the_same_file_again(self, acme: Customer) -> None:
        first = load(("ｶ)ｱｸﾒ", 33_000))
        again = load(("ｶ)ｱｸﾒ", 33_000), name="other name.txt")
        assert (first.is_new, again.is_new) == (True, False)
        assert again.file.pk == first.file.pk
        assert open_sums() == [0, 66_000]

    def test_an_entry_that_another_file_told(self, acme: Customer) -> None:
        load(("ｶ)ｱｸﾒ", 33_000))
        second = load(("ｶ)ｱｸﾒ", 33_000), ("ｶ)ｱｸﾒ", 500))
        assert (second.file.entries, second.file.known, second.file.matched) == (2, 1, 1)
        assert Payment.objects.count() == 2
        assert open_sums() == [0, 65_500]

    def test_two_equal_entries_of_one_file_are_two(self, acme: Customer) -> None:
        row = {"payer_name": "ｶ)ｱｸﾒ", "amount": 500, "reference": 7}
        load(row, row)
        third = load(row, row, row)
        assert third.file.known == 2
        assert [payment.amount for payment in Payment.objects.all()] == [500, 500, 500]

    def test_two_imports_of_one_file_at_once(self, tenant: Tenant) -> None:
        with tenant_context(tenant):
            customer = make_customer(payer_name="ｶ)ｱｸﾒ")
        done = side_by_side(tenant, NOON, [lambda: load(("ｶ)ｱｸﾒ", 500)).is_new] * 3)
        assert sorted(str(each.result) for each in done) == ["False", "False", "True"]
        with tenant_context(tenant):
            assert standing(customer) == (0, 500)
            assert verify() == []

    def test_the_second_waits_for_the_first(self, tenant: Tenant) -> None:
        with tenant_context(tenant):
            make_customer(payer_name="ｶ)ｱｸﾒ")
        rival = Rival(tenant, NOON, lambda: load(("ｶ)ｱｸﾒ", 500)).is_new)
        with tenant_context(tenant), clock.frozen(NOON):
            load(("ｶ)ｱｸﾒ", 500))
            assert rival.start().waits()
        rival.join()
        assert (rival.error, rival.result) == (None, False)

    def test_overlapping_files_at_once(self, tenant: Tenant) -> None:
        with tenant_context(tenant):
            customer = make_customer(payer_name="ｶ)ｱｸﾒ")
        shared = [("ｶ)ｱｸﾒ", number) for number in range(1, 20)]
        acts = [lambda extra=extra: load(*shared, ("ｶ)ｱｸﾒ", extra)).file.known for extra in (1_000, 2_000)]
        done = side_by_side(tenant, NOON, acts)
        assert [each.error for each in done] == [None, None]
        assert sorted(int(str(each.result)) for each in done) == [0, 19]
        with tenant_context(tenant):
            assert standing(customer) == (0, sum(range(1, 20)) + 3_000)
            assert verify() == []


class TestRefused:
    def test_nothing_is_booked(self, acme: Customer) -> None:
        content = incoming(("ｶ)ｱｸﾒ", 33_000)).replace(b"1000000033000", b"1000000033001")
        with refused(Code.IMPORT_REJECTED):
            import_bank_file(content=content)
        assert not BankFile.objects.exists()
        assert not Payment.objects.exists()
        assert open_sums() == [33_000, 66_000]

    def test_the_future(self, acme: Customer) -> None:
        with refused(Code.IMPORT_REJECTED):
            load({"payer_name": "ｶ)ｱｸﾒ", "amount": 5, "booked_on": "081211"})


class TestShortfall:
    def test_it_stays_open_and_is_asked_for(self, acme: Customer) -> None:
        load(("ｶ)ｱｸﾒ", 32_560))
        assert open_sums() == [440, 66_000]
        assert Match.objects.get().kind == MatchKind.SHORT_BY_FEE
        [letter] = letters("transfer_short")
        assert "お振込不足のご案内" in letter.subject
        assert "不足金額: 440円" in letter.text
        assert Document.objects.get(total=33_000).number in letter.text
        assert "440円" in letter.html

    def test_in_english(self, acme: Customer) -> None:
        Customer.objects.filter(pk=acme.pk).update(language="en")
        load(("ｶ)ｱｸﾒ", 32_560))
        [letter] = letters("transfer_short")
        assert "short by 440 yen" in letter.subject
        assert "Missing: 440 yen" in letter.text

    def test_within_the_tolerance_it_is_the_tenants_fee(self, acme: Customer) -> None:
        set_policy(changes={"short_transfer_tolerance": 500}, valid_from=date(2026, 12, 10))
        load(("ｶ)ｱｸﾒ", 32_560))
        assert open_sums() == [0, 66_000]
        assert (account(Account.TRANSFER_FEES), account(Account.BANK)) == (440, 32_560)
        assert standing(acme) == (66_000, 0)
        assert letters("transfer_short") == []
        assert Allocation.objects.get(source=AllocationSource.FEE).amount == 440
        assert verify() == []
        undo_match(payment=Payment.objects.get())
        assert open_sums() == [33_000, 66_000]
        assert account(Account.TRANSFER_FEES) == 0
        assert verify() == []


class TestTakenBack:
    CANCEL = {"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "cancelled": 1}

    def test_the_bank_takes_a_transfer_back(self, acme: Customer) -> None:
        load(("ｶ)ｱｸﾒ", 33_000))
        result = load(self.CANCEL)
        assert (result.file.cancellations, result.file.taken_back, result.not_taken_back) == (1, 1, ())
        assert Payment.objects.get().state == PaymentState.SENT_BACK
        assert open_sums() == [33_000, 66_000]
        assert account(Account.BANK) == 0
        assert verify() == []

    def test_told_by_two_files_once(self, acme: Customer) -> None:
        load({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "reference": 8}, ("ｶ)ｱｸﾒ", 33_000))
        for more in range(1, 3):
            load(self.CANCEL, ("ﾔﾏﾀﾞ", more))
        assert Payment.objects.filter(state=PaymentState.SENT_BACK).count() == 1

    def test_of_something_unknown(self, acme: Customer) -> None:
        result = load(self.CANCEL)
        assert (result.not_taken_back, result.file.taken_back) == ((2,), 0)

    def test_a_transfer_is_taken_back_while_a_person_undoes_its_match(self, tenant: Tenant) -> None:
        """The import waits for the transfer before it takes any balance, as a person does."""
        with clock.frozen(NOON):
            with tenant_context(tenant):
                customer = make_customer(payer_name="ｶ)ｱｸﾒ")
                load(("ｶ)ｱｸﾒ", 33_000))
                payment = Payment.objects.get()
            second = Rival(tenant, NOON, lambda: load(("ｶ)ｱｸﾒ", 700), self.CANCEL))
            with tenant_context(tenant):
                lock_payment(payment)
                assert second.start().waits()
                undo_match(payment=payment)
        second.join()
        assert second.error is None
        with tenant_context(tenant):
            payment.refresh_from_db()
            assert (payment.state, standing(customer)) == (PaymentState.SENT_BACK, (0, 700))
            assert verify() == []


class TestCsv:
    @pytest.fixture
    def mapping(self, december: None) -> BankCsvMapping:
        mapping: BankCsvMapping = BankCsvMapping.objects.create(
            name="みずほ銀行",
            account="0001-100-1-1234567",
            date_column="取引日",
            amount_column="入金額",
            payer_column="摘要",
            payer_prefix="振込",
            reference_column="番号",
        )
        return mapping

    LINES = (
        "取引日,番号,出金額,入金額,摘要",
        '2026/12/7,1,,"33,000",振込 カ)アクメ',
        "2026/12/7,2,500,,手数料",
    )

    def test_read_and_booked(self, acme: Customer, mapping: BankCsvMapping) -> None:
        content = "\r\n".join(self.LINES).encode("cp932")
        result = import_bank_file(content=content, mapping=mapping)
        assert (result.file.kind, result.file.entries, result.file.exact) == ("csv", 1, 1)
        assert open_sums() == [0, 66_000]
        assert list(bank_files()) == [result.file]

    @pytest.mark.parametrize(
        ("line", "column"),
        [
            ("2026/13/7,3,,500,ｱ", "取引日"),
            ("2026/12/11,3,,500,ｱ", "取引日"),
            ("2026/12/7,3,,5oo,ｱ", "入金額"),
            (f"2026/12/7,3,,500,{'ｱ' * 101}", "摘要"),
        ],
    )
    def test_lines_that_cannot_be(
        self, acme: Customer, mapping: BankCsvMapping, line: str, column: str
    ) -> None:
        assert self._why([*self.LINES, line], mapping) == [(4, column)]
        assert not Payment.objects.exists()

    def test_a_column_that_is_not_there(self, acme: Customer, mapping: BankCsvMapping) -> None:
        assert self._why(["取引日,摘要"], mapping) == [(1, "入金額")]

    def _why(self, lines: list[str], mapping: BankCsvMapping) -> list[tuple[int, str]]:
        with pytest.raises(BankFileRejected) as refusal:
            import_bank_file(content="\n".join(lines).encode("cp932"), mapping=mapping)
        return [(error.record, error.field) for error in refusal.value.errors]
