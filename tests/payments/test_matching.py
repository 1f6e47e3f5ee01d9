"""Which documents a sum pays: worked out by hand. The bills are 100, 200 and 400 unless told otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.models import MatchKind
from payments.rules import Bill, Candidate, CustomerNames, PayerIndex, choose_documents, numbers_in

BILLS = [
    Bill(1, 10_000, "INV-2026-000001"),
    Bill(2, 20_000, "INV-2026-000002"),
    Bill(3, 40_000, "INV-2026-000003"),
]


@pytest.mark.parametrize(
    ("amount", "said", "kind", "shares", "rest", "short"),
    [
        # An exact sum of one, of all, of the only combination.
        (40_000, "", MatchKind.EXACT, {3: 40_000}, 0, 0),
        (70_000, "", MatchKind.SEVERAL, {1: 10_000, 2: 20_000, 3: 40_000}, 0, 0),
        (50_000, "", MatchKind.SEVERAL, {1: 10_000, 3: 40_000}, 0, 0),
        # A document that the payer names comes before a sum that fits another.
        (20_000, "INV-2026-000003", MatchKind.PARTIAL, {3: 20_000}, 0, 0),
        (40_000, "2026000003 ｱｸﾒ", MatchKind.EXACT, {3: 40_000}, 0, 0),
        (50_000, "ｱｸﾒ 000003", MatchKind.SEVERAL, {3: 40_000, 1: 10_000}, 0, 0),
        (39_560, "INV-2026-000003", MatchKind.SHORT_BY_FEE, {3: 39_560}, 0, 440),
        # Short by a fee: one document, or all.
        (39_560, "", MatchKind.SHORT_BY_FEE, {3: 39_560}, 0, 440),
        (69_010, "", MatchKind.SHORT_BY_FEE, {1: 10_000, 2: 20_000, 3: 39_010}, 0, 990),
        (69_009, "", MatchKind.PARTIAL, {1: 10_000, 2: 20_000, 3: 39_009}, 0, 0),
        # Anything else: the oldest due first.
        (15_000, "", MatchKind.PARTIAL, {1: 10_000, 2: 5_000}, 0, 0),
        (71_000, "", MatchKind.OVERPAID, {1: 10_000, 2: 20_000, 3: 40_000}, 1_000, 0),
    ],
)
def test_choosing(
    amount: int, said: str, kind: MatchKind, shares: dict[int, int], rest: int, short: int
) -> None:
    choice = choose_documents(amount, BILLS, named=numbers_in(said))
    assert choice.kind == kind
    assert {share.document_id: share.amount for share in choice.shares} == shares
    assert list(shares) == [share.document_id for share in choice.shares]
    assert (choice.rest, choice.short, choice.written_off) == (rest, short, ())


def test_nothing_is_open() -> None:
    choice = choose_documents(500, [])
    assert (choice.kind, choice.rest) == (MatchKind.NO_OPEN_DOCUMENT, 500)


def test_of_equal_bills_the_oldest_is_meant() -> None:
    bills = [Bill(1, 33_000), Bill(2, 33_000)]
    assert choose_documents(33_000, bills).shares[0].document_id == 1
    short = choose_documents(32_560, bills)
    assert (short.kind, short.shares[0].document_id) == (MatchKind.SHORT_BY_FEE, 1)


def test_two_combinations_are_none() -> None:
    bills = [Bill(1, 100), Bill(2, 200), Bill(3, 300), Bill(4, 5_000)]
    # 300 is bill 3 alone; 400 is only 1 + 3; 500 is only 2 + 3; 600 is all but 4.
    assert [share.document_id for share in choose_documents(400, bills).shares] == [1, 3]
    equal = [Bill(1, 10_000), Bill(2, 10_000), Bill(3, 25_000)]
    choice = choose_documents(35_000, equal)
    assert choice.kind == MatchKind.PARTIAL
    assert [(share.document_id, share.amount) for share in choice.shares] == [
        (1, 10_000),
        (2, 10_000),
        (3, 15_000),
    ]


def test_bills_that_both_lack_a_fee_are_not_told_apart() -> None:
    choice = choose_documents(9_500, [Bill(1, 10_000), Bill(2, 10_100)])
    assert choice.kind == MatchKind.PARTIAL


@pytest.mark.parametrize(
    ("amount", "let_go"), [(39_560, 440), (39_500, 500), (39_499, 0)], ids=["fee", "tolerance", "more"]
)
def test_a_tolerance_lets_go_of_it(amount: int, let_go: int) -> None:
    choice = choose_documents(amount, BILLS, tolerance=500)
    assert choice.kind == MatchKind.SHORT_BY_FEE
    assert choice.let_go == let_go
    assert choice.short == 40_000 - amount


def test_a_tolerance_above_any_fee() -> None:
    choice = choose_documents(38_000, [Bill(3, 40_000)], tolerance=2_000)
    assert (choice.let_go, choice.paid) == (2_000, 38_000)


@given(
    amount=st.integers(1, 3_000),
    sums=st.lists(st.integers(1, 1_000), max_size=16),
    tolerance=st.integers(0, 500),
)
def test_every_yen_pays_or_is_left_and_no_bill_twice(amount: int, sums: list[int], tolerance: int) -> None:
    bills = [Bill(number, open_amount) for number, open_amount in enumerate(sums)]
    choice = choose_documents(amount, bills, tolerance=tolerance)
    assert choice.paid + choice.rest == amount
    taken = dict.fromkeys(range(len(sums)), 0)
    for share in (*choice.shares, *choice.written_off):
        assert share.amount > 0
        taken[share.document_id] += share.amount
    assert all(taken[number] <= open_amount for number, open_amount in enumerate(sums))
    assert choice.let_go <= tolerance
    if choice.rest:
        assert taken == dict(enumerate(sums))


class TestPayers:
    INDEX = PayerIndex(
        CustomerNames(
            [
                Candidate(1, "C00001", "カブシキガイシャアクメ"),
                Candidate(2, "C00002", "アクメショウカイ"),
                Candidate(3, "900123", "ベータ"),
                Candidate(4, "C00004", "ベータ"),
                Candidate(5, "5", "ナガイ" * 20),
            ]
        ),
        learned=[("ｱﾔﾏﾀﾛｳ", 1), ("ﾔﾏﾀﾞ", 1), ("ﾔﾏﾀﾞ", 2)],
        virtual_accounts=[("1001234567", 2)],
    )

    @pytest.mark.parametrize(
        ("payer", "code", "found"),
        [
            ("ｶ)ｱｸﾒ", "", {1}),
            ("ｱｸﾒ ｼﾖｳｶｲ", "", {2}),
            ("ｱｸ", "", set()),
            ("ｱﾔﾏﾀﾛｳ", "", {1}),
            # A name of two customers finds both, so none for certain.
            ("ﾍﾞ-ﾀ", "", {3, 4}),
            ("ﾔﾏﾀﾞ", "", {1, 2}),
            # A number before or after the name, and before any name.
            ("900123 ﾍﾞ-ﾀ", "", {3}),
            ("ﾍﾞ-ﾀ900123", "", {3}),
            ("C00004ﾍﾞ-ﾀ", "", {4}),
            ("00002 ｶ)ｱｸﾒ", "", {2}),
            ("ﾀﾞﾚｶ1001234567", "", {2}),
            ("ﾀﾞﾚｶ", "1001234567", {2}),
            # A number of nobody's is left out; too short a one is part of the name.
            ("777777 ｶ)ｱｸﾒ", "", {1}),
            ("5 ｶ)ﾀﾞﾚｶ", "", set()),
            ("ｱｸﾒ2", "", set()),
            ("", "", set()),
            ("ｶ)", "", set()),
            # Cut by the bank at 48 characters: ナガイ is 4 characters in half-width kana.
            ("ﾅｶﾞｲ" * 12, "", {5}),
            ("ｶ)" + ("ﾅｶﾞｲ" * 12)[:46], "", {5}),
            ("ﾅｶﾞｲ" * 11, "", set()),
        ],
    )
    def test_who_it_is(self, payer: str, code: str, found: set[int]) -> None:
        assert self.INDEX.find(payer, payer_code=code) == found

    def test_who_it_may_be(self) -> None:
        assert self.INDEX.similar("ｶ)ｱｸﾒｼﾖｳﾃﾝ") == {1}
        assert self.INDEX.similar("ｱｸﾒ") == {1, 2}
        assert self.INDEX.similar("ｱ") == set()
