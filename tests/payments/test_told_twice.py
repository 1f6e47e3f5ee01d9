"""The same transfer told by files of two kinds, or by a person and a file: booked once or in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Customer, Tenant
from billing_project import clock
from billing_project.errors import Code
from billing_project.tenancy.context import tenant_context
from ledger.models import Account
from ledger.verification import verify
from payments.models import BankFile, Payment, PaymentState
from payments.rules import Likeness, Told, likeness
from payments.services import import_bank_file, preview_bank_file, settle_doubt, settle_doubts_of
from tests.acts import refused
from tests.factories import make_customer
from tests.payments.books import NOON, account, load, open_sums
from tests.payments.files import DAY, era, incoming, statement
from tests.payments.payouts import pay_in
from tests.rivals import side_by_side


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("ｶ)ｱｸﾒ", "1"), ("ｶ)ｱｸﾒ", "1"), Likeness.SAME),
        (("ｶ)ｱｸﾒ", ""), ("ｱｸﾒ(ｶ", "7"), Likeness.SAME),
        (("ｶ)ｱｸﾒ", "1"), ("ｶ)ｱｸﾒ", "7"), Likeness.PERHAPS),
        (("ｶ)ｱｸﾒ", "1"), ("", "1"), Likeness.SAME),
        (("ｶ)ｱｸﾒ", "1"), ("", "7"), Likeness.PERHAPS),
        (("ｶ)ｱｸﾒ", ""), ("ｱｸﾒｼﾖｳｶｲ", ""), Likeness.PERHAPS),
        (("", ""), ("", ""), Likeness.PERHAPS),
        (("ｶ)ｱｸﾒ", "1"), ("ｶ)ﾍﾞ-ﾀ", "1"), Likeness.OTHER),
        (("ｶ)ｱｸﾒ", ""), ("ｶ)ﾍﾞ-ﾀ", ""), Likeness.OTHER),
    ],
)
def test_how_alike(one: tuple[str, str], other: tuple[str, str], expected: Likeness) -> None:
    assert likeness(Told(*one), Told(*other)) == expected
    assert likeness(Told(*other), Told(*one)) == expected


def states() -> list[tuple[str, int]]:
    rows = Payment.objects.order_by("pk").values_list("state", "amount")
    return [(str(state), amount) for state, amount in rows]


def told_by_03(*rows: tuple[str, int, int]) -> Any:
    return import_bank_file(content=statement(*rows), name="03.txt")


def unnumbered(*rows: tuple[str, int]) -> bytes:
    return incoming(
        *(
            {"payer_name": payer, "amount": amount, "reference": "", "booked_on": era(DAY)}
            for payer, amount in rows
        )
    )


class TestBothKinds:
    def test_equal_numbers_are_the_same_transfer(self, acme: Customer) -> None:
        load(("ｶ)ｱｸﾒ", 33_000), ("ﾔﾏﾀﾞ", 5_000))
        file = told_by_03(("ｶ)ｱｸﾒ", 1, 33_000), ("ﾔﾏﾀﾞ", 1, 5_000)).file
        assert (file.known, file.doubtful, file.matched, file.unmatched) == (2, 0, 0, 0)
        assert account(Account.BANK) == 38_000
        assert open_sums() == [0, 66_000]
        assert verify() == []

    def test_without_a_number_payer_and_sum_decide(self, acme: Customer) -> None:
        import_bank_file(content=unnumbered(("ｶ)ｱｸﾒ", 33_000)))
        assert told_by_03(("ｶ)ｱｸﾒ", 1, 33_000)).file.known == 1
        assert account(Account.BANK) == 33_000

    def test_the_second_of_two_equal_ones_is_another(self, acme: Customer) -> None:
        import_bank_file(content=unnumbered(("ｶ)ｱｸﾒ", 33_000)))
        file = told_by_03(("ｶ)ｱｸﾒ", 1, 33_000), ("ｶ)ｱｸﾒ", 1, 33_000)).file
        assert (file.known, file.matched) == (1, 1)
        assert account(Account.BANK) == 66_000
        # A later statement with the first of them again is known by its reference.
        again = told_by_03(("ｶ)ｱｸﾒ", 1, 33_000), ("ｼﾝｷ", 1, 7))
        assert (again.file.known, account(Account.BANK)) == (1, 66_007)
        assert verify() == []

    def test_other_numbers_wait_in_doubt_and_book_nothing(self, acme: Customer) -> None:
        load({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "reference": 77})
        file = told_by_03(("ｶ)ｱｸﾒ", 1, 33_000)).file
        assert (file.known, file.doubtful, file.matched) == (0, 1, 0)
        assert states() == [("succeeded", 33_000), ("doubtful", 33_000)]
        assert account(Account.BANK) == 33_000
        doubtful = Payment.objects.get(state=PaymentState.DOUBTFUL)
        assert doubtful.perhaps_same_as == Payment.objects.earliest("pk")
        assert verify() == []

    def test_the_other_way_round(self, acme: Customer) -> None:
        told_by_03(("ｶ)ｱｸﾒ", 1, 33_000), ("ﾃｽｳﾘﾖｳ", 2, 440))
        assert load({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "reference": 77}).file.doubtful == 1
        assert account(Account.BANK) == 33_000

    def test_two_files_of_one_kind_are_told_apart_by_their_numbers(self, acme: Customer) -> None:
        load({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "reference": 77})
        assert load({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "reference": 78}).file.doubtful == 0
        assert account(Account.BANK) == 66_000

    def test_another_payer_or_day_is_another_transfer(self, acme: Customer) -> None:
        load(("ﾔﾏﾀﾞ", 33_000))
        assert told_by_03(("ｶ)ｱｸﾒ", 1, 33_000)).file.matched == 1

    def test_the_preview_says_the_same_and_stores_nothing(self, acme: Customer) -> None:
        load({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "reference": 77}, ("ﾔﾏﾀﾞ", 5))
        content = statement(("ｶ)ｱｸﾒ", 1, 33_000), ("ﾔﾏﾀﾞ", 1, 5), ("ｱｸﾒ", 1, 9), ("ﾃｽｳ", 2, 9))
        seen = preview_bank_file(content=content)
        assert (seen.entries, seen.total, seen.known, seen.doubtful, seen.certain) == (3, 33_014, 1, 1, 0)
        assert (BankFile.objects.count(), Payment.objects.count()) == (1, 2)


class TestSettling:
    @pytest.fixture
    def doubtful(self, acme: Customer) -> Payment:
        load({"payer_name": "ｶ)ｱｸﾒ", "amount": 33_000, "reference": 77})
        told_by_03(("ｶ)ｱｸﾒ", 1, 33_000))
        return Payment.objects.get(state=PaymentState.DOUBTFUL)

    def test_it_is_the_same(self, doubtful: Payment) -> None:
        for _ in range(2):
            assert settle_doubt(payment=doubtful, is_same=True).state == PaymentState.KNOWN
        assert account(Account.BANK) == 33_000
        with refused(Code.ALREADY_DECIDED):
            settle_doubt(payment=doubtful, is_same=False)
        assert verify() == []

    def test_it_is_another_and_is_booked_now(self, doubtful: Payment) -> None:
        for _ in range(2):
            assert settle_doubt(payment=doubtful, is_same=False).state == PaymentState.SUCCEEDED
        assert account(Account.BANK) == 66_000
        assert open_sums() == [0, 33_000]
        with refused(Code.ALREADY_DECIDED):
            settle_doubt(payment=doubtful, is_same=True)
        assert verify() == []

    def test_all_of_a_file_at_once(self, doubtful: Payment) -> None:
        file = BankFile.objects.get(kind="03")
        assert settle_doubts_of(file=file) == 1
        assert settle_doubts_of(file=file) == 0
        assert verify() == []


def test_what_a_person_entered_is_in_doubt_when_a_file_tells_it(december: None) -> None:
    customer = make_customer(payer_name="ｶ)ｱｸﾒ")
    with clock.frozen(NOON):
        entered = pay_in(customer, 5_000)
    assert (
        load({"payer_name": "ｶ)ｱｸﾒ", "amount": 5_000, "booked_on": era(entered.received_on)}).file.doubtful
        == 1
    )
    assert account(Account.BANK) == 5_000


def test_both_kinds_at_once(tenant: Tenant) -> None:
    with tenant_context(tenant), clock.frozen(NOON):
        make_customer(payer_name="ｶ)ｱｸﾒ")
    first, second = incoming(("ｶ)ｱｸﾒ", 5_000)), statement(("ｶ)ｱｸﾒ", 1, 5_000))
    acts = [lambda each=each: import_bank_file(content=each).is_new for each in (first, second) * 2]
    done = side_by_side(tenant, NOON, acts)
    assert [each.error for each in done] == [None] * 4
    with tenant_context(tenant):
        assert account(Account.BANK) == 5_000
        assert BankFile.objects.count() == 2
        assert verify() == []
