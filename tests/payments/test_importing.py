"""Bank files imported: what is booked, once, by whom it is paid, and how it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db.models import Sum

from accounts.models import Customer, Tenant
from accounts.services import set_policy
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from invoices.models import Allocation, AllocationSource, Document, OpenItem
from invoices.services.closing import close_period, issue_closing
from ledger.models import Account, CustomerBalance, Entry, Line
from ledger.verification import verify
from orders.services import deliver
from payments.bank_files.errors import BankFileRejected
from payments.models import BankCsvMapping, BankFile, Match, MatchKind, PayerName, Payment, PaymentState
from payments.selectors import bank_files, matches_of, payments, suggestions
from payments.services import (
    ImportResult,
    Part,
    import_bank_file,
    match_by_hand,
    send_back,
    set_virtual_account,
    undo_match,
)
from tests.acts import at, letters, refused
from tests.factories import make_customer
from tests.orders.factories import order_of
from tests.payments.files import incoming
from tests.rivals import Rival, side_by_side

NOON = at("2026-12-10 12:00")


@pytest.fixture
def december(tenant: Tenant) -> Iterator[None]:
    with tenant_context(tenant), clock.frozen(NOON):
        yield


@pytest.fixture
def acme(december: None) -> Customer:
    """Owes 33,000 (due 30 November) and 66,000 (due 4 January)."""
    customer = make_customer(payer_name="ｶ)ｱｸﾒ")
    for day, count, closes_on in (
        ("2026-10-05", 1, date(2026, 10, 31)),
        ("2026-11-05", 2, date(2026, 11, 30)),
    ):
        with clock.frozen(at(f"{day} 10:00")):
            deliver(order=order_of(customer, ("DV-1Y", count)))
        issue_closing(closing=close_period(closes_on=closes_on))
    return customer


def load(*rows: tuple[str, int] | dict[str, Any], name: str = "20261207.txt") -> ImportResult:
    return import_bank_file(content=incoming(*rows), name=name)


def open_sums() -> list[int]:
    return list(OpenItem.objects.order_by("due_on", "id").values_list("open_amount", flat=True))


def standing(customer: Customer) -> tuple[int, int]:
    row = CustomerBalance.objects.get(customer=customer)
    return row.receivable, row.deposit


def account(name: str) -> int:
    return Line.objects.filter(account=name).aggregate(total=Sum("amount"))["total"] or 0


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


class TestByHand:
    @pytest.fixture
    def waiting(self, acme: Customer) -> Payment:
        load(("ﾔﾏﾀﾞ ﾀﾛｳ", 33_000))
        return Payment.objects.get()

    def test_a_match_pays_and_teaches_the_name(self, acme: Customer, waiting: Payment) -> None:
        [match] = match_by_hand(payment=waiting, customer=acme)
        assert (match.kind, match.by_hand, match.amount) == (MatchKind.EXACT, True, 33_000)
        assert open_sums() == [0, 66_000]
        assert account(Account.SUSPENSE) == 0
        assert Entry.objects.get(reason="matched").booked_on == date(2026, 12, 10)
        learned = PayerName.objects.get(customer=acme, name="ﾔﾏﾀﾞ ﾀﾛｳ")
        assert (learned.learned, learned.learned_at) == (True, NOON)
        load(("ﾔﾏﾀﾞ ﾀﾛｳ", 66_000))
        assert open_sums() == [0, 0]
        assert verify() == []

    def test_the_same_again_changes_nothing_another_is_refused(
        self, acme: Customer, waiting: Payment
    ) -> None:
        first = match_by_hand(payment=waiting, customer=acme)
        assert match_by_hand(payment=waiting, customer=acme) == first
        with refused(Code.ALREADY_PAID):
            match_by_hand(payment=waiting, customer=make_customer("他社"))

    def test_documents_named(self, acme: Customer, waiting: Payment) -> None:
        newer = Document.objects.get(total=66_000)
        [match] = match_by_hand(payment=waiting, customer=acme, documents=[newer])
        assert open_sums() == [33_000, 33_000]
        assert match.kind == MatchKind.PARTIAL
        with refused(Code.INVALID_INPUT):
            match_by_hand(payment=waiting, customer=make_customer("他社"), documents=[newer])

    def test_split_over_several_customers(self, acme: Customer, waiting: Payment) -> None:
        other = make_customer("他社")
        matches = match_by_hand(payment=waiting, parts=[Part(acme, 32_000), Part(other, 1_000)])
        assert [match.amount for match in matches] == [32_000, 1_000]
        assert (standing(acme), standing(other)) == ((67_000, 0), (0, 1_000))
        assert not PayerName.objects.filter(learned=True).exists()
        assert [*payments(customer=other)] == [waiting]
        assert [match.customer for match in matches_of(waiting)] == [acme, other]
        assert verify() == []
        undo_match(payment=waiting)
        assert (standing(acme), standing(other)) == ((99_000, 0), (0, 0))
        assert verify() == []

    @pytest.mark.parametrize("sums", [(33_000, 1), (33_001, -1), (32_999, 0), ()])
    def test_parts_that_cannot_be(self, acme: Customer, waiting: Payment, sums: tuple[int, ...]) -> None:
        customers = [acme, make_customer("他社")]
        parts = [Part(customer, amount) for customer, amount in zip(customers, sums, strict=False)]
        with refused(Code.INVALID_AMOUNT if parts else Code.INVALID_INPUT):
            match_by_hand(payment=waiting, parts=parts)

    def test_one_customer_twice(self, acme: Customer, waiting: Payment) -> None:
        with refused(Code.INVALID_INPUT):
            match_by_hand(payment=waiting, parts=[Part(acme, 32_999), Part(acme, 1)])

    def test_undone_and_matched_anew(self, acme: Customer, waiting: Payment) -> None:
        for _ in range(2):
            match_by_hand(payment=waiting, customer=acme)
            payment = undo_match(payment=waiting)
            assert (payment.state, payment.customer) == (PaymentState.UNMATCHED, None)
            assert open_sums() == [33_000, 66_000]
            assert not PayerName.objects.filter(learned=True).exists()
            assert verify() == []
        assert undo_match(payment=waiting).state == PaymentState.UNMATCHED
        assert AuditEntry.objects.filter(action="match_undone").count() == 2

    def test_one_matched_on_arrival_is_undone(self, acme: Customer) -> None:
        load(("ｶ)ｱｸﾒ", 99_500))
        payment = undo_match(payment=Payment.objects.get())
        assert standing(acme) == (99_000, 0)
        assert (account(Account.BANK), account(Account.SUSPENSE)) == (99_500, -99_500)
        assert PayerName.objects.filter(customer=acme, name="ｶ)ｱｸﾒ").exists()
        assert payment.state == PaymentState.UNMATCHED
        assert verify() == []

    def test_a_deposit_that_was_used_stays(self, acme: Customer) -> None:
        load(("ｶ)ｱｸﾒ", 99_500))
        CustomerBalance.objects.filter(customer=acme).update(reserved=500)
        with refused(Code.INSUFFICIENT_DEPOSIT):
            undo_match(payment=Payment.objects.get())
        assert standing(acme) == (0, 500)

    def test_sent_back(self, acme: Customer, waiting: Payment) -> None:
        for _ in range(2):
            assert send_back(payment=waiting).state == PaymentState.SENT_BACK
        assert (account(Account.BANK), account(Account.SUSPENSE)) == (0, 0)
        for act in (
            lambda: match_by_hand(payment=waiting, customer=acme),
            lambda: undo_match(payment=waiting),
        ):
            with refused(Code.ALREADY_PAID):
                act()
        assert verify() == []

    def test_what_is_matched_is_not_sent_back(self, acme: Customer, waiting: Payment) -> None:
        match_by_hand(payment=waiting, customer=acme)
        with refused(Code.ALREADY_PAID):
            send_back(payment=waiting)

    def test_two_desks_at_once(self, tenant: Tenant) -> None:
        with tenant_context(tenant), clock.frozen(NOON):
            customers = [make_customer("甲"), make_customer("乙")]
            load(("ﾔﾏﾀﾞ", 500))
            payment = Payment.objects.get()
        acts = [lambda each=each: match_by_hand(payment=payment, customer=each) for each in customers]
        done = side_by_side(tenant, NOON, acts)
        assert sorted(type(each.error).__name__ for each in done) == ["NoneType", "Refusal"]
        with tenant_context(tenant):
            assert Match.objects.count() == 1
            assert verify() == []


class TestSuggestions:
    def test_a_sum_alone_is_a_suggestion(self, acme: Customer) -> None:
        load(("ﾔﾏﾀﾞ", 66_000))
        [suggestion] = suggestions(Payment.objects.get())
        assert (suggestion.customer, suggestion.by_sum, suggestion.by_name) == (acme, True, False)
        assert [document.total for document in suggestion.documents] == [66_000]

    def test_all_that_is_open(self, acme: Customer) -> None:
        assert load(("ﾔﾏﾀﾞ", 99_000)).file.suggested == 1
        assert [each.customer for each in suggestions(Payment.objects.get())] == [acme]

    def test_name_and_sum_come_first(self, acme: Customer) -> None:
        alike = make_customer("山田商店", name_kana="ヤマダショウテン")
        Customer.objects.filter(pk=acme.pk).update(name_kana="ヤマダベータ")
        assert load(("ﾔﾏﾀﾞ", 33_000)).file.suggested == 1
        assert [each.customer for each in suggestions(Payment.objects.get())] == [acme, alike]

    def test_short_by_a_fee_speaks_only_with_a_name(self, acme: Customer) -> None:
        Customer.objects.filter(pk=acme.pk).update(name_kana="アクメショウジ")
        load(("ｱｸﾒｼﾖｳ", 32_560))
        [suggestion] = suggestions(Payment.objects.get())
        assert (suggestion.by_fee, [document.total for document in suggestion.documents]) == (True, [33_000])

    def test_nothing_to_go_by(self, acme: Customer) -> None:
        assert load(("ﾔﾏﾀﾞ", 7)).file.unmatched == 1
        assert suggestions(Payment.objects.get()) == []


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
