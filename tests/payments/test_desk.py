"""Transfers that a person matches, undoes or sends back; and what is suggested."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.audit.models import AuditEntry
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from invoices.models import Document
from ledger.models import Account, CustomerBalance, Entry
from ledger.verification import verify
from payments.models import Match, MatchKind, PayerName, Payment, PaymentState
from payments.selectors import matches_of, payments, suggestions
from payments.services import (
    Part,
    match_by_hand,
    send_back,
    undo_match,
)
from tests.acts import refused
from tests.factories import make_customer
from tests.payments.books import NOON, account, load, open_sums, standing
from tests.rivals import side_by_side


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

    def test_a_name_that_was_changed_since_the_last_look(self, acme: Customer) -> None:
        load(("ﾔﾏﾀﾞ", 7))
        assert suggestions(Payment.objects.get()) == []
        Customer.objects.filter(pk=acme.pk).update(name_kana="ヤマダ")
        assert [each.customer for each in suggestions(Payment.objects.get())] == [acme]

    def test_short_by_a_fee_speaks_only_with_a_name(self, acme: Customer) -> None:
        Customer.objects.filter(pk=acme.pk).update(name_kana="アクメショウジ")
        load(("ｱｸﾒｼﾖｳ", 32_560))
        [suggestion] = suggestions(Payment.objects.get())
        assert (suggestion.by_fee, [document.total for document in suggestion.documents]) == (True, [33_000])

    def test_nothing_to_go_by(self, acme: Customer) -> None:
        assert load(("ﾔﾏﾀﾞ", 7)).file.unmatched == 1
        assert suggestions(Payment.objects.get()) == []
