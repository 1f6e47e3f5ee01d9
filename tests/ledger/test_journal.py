"""Journal files: each line worked out by hand for every row of the ledger's table, in every format."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_project.calendar import Month
from ledger.journal.defaults import names_of
from ledger.journal.formats import FORMATS, file_of
from ledger.journal.letters import shortened, written
from ledger.journal.rules import Booked, Journal, MissingName, rows_of, side_of, with_tax
from ledger.journal.selectors import TEXTS
from ledger.models import Account, JournalFormat, Reason

OCTOBER = Month(2026, 10)
YAYOI, FREEE, MF = JournalFormat.YAYOI, JournalFormat.FREEE, JournalFormat.MONEY_FORWARD
DAY = date(2026, 10, 31)
A = Account

# What happens (the ledger's table), as booked, and as the program should have it:
# account, sub-account, tax code, sum and tax of debit and credit, row by row.
RECEIVABLE = ("売掛金", "", "対象外")
DEPOSIT = ("前受金", "", "対象外")
BANK = ("普通預金", "", "対象外")
FEES = ("支払手数料", "", "対象外")
CARD = ("未収入金", "カード", "対象外")
KONBINI = ("未収入金", "コンビニ", "対象外")
DEBIT = ("未収入金", "口座振替", "対象外")
PAYABLE = ("未払金", "", "対象外")
SUSPENSE = ("仮受金", "", "対象外")
S10, S8 = ("売上高", "", "課税売上内10%"), ("売上高", "", "課税売上内軽減8%")
TABLE: dict[str, tuple[list[Booked], list[tuple[Any, int, int, Any, int, int]]]] = {
    "invoice, two rates": (
        [
            Booked(A.RECEIVABLE, 16_400),
            Booked(A.SALES, -10_000, "standard", 10),
            Booked(A.SALES, -5_000, "reduced", 8),
            Booked(A.TAX_PAYABLE, -1_000, "standard", 10),
            Booked(A.TAX_PAYABLE, -400, "reduced", 8),
        ],
        [(RECEIVABLE, 16_400, 0, S10, 11_000, 1_000), (None, 0, 0, S8, 5_400, 400)],
    ),
    "export, exempt and out of scope": (
        [
            Booked(A.RECEIVABLE, 600),
            Booked(A.SALES, -100, "zero"),
            Booked(A.SALES, -200, "exempt"),
            Booked(A.SALES, -300, "out_of_scope"),
        ],
        [
            (RECEIVABLE, 600, 0, ("売上高", "", "輸出売上"), 100, 0),
            (None, 0, 0, ("売上高", "", "非課売上"), 200, 0),
            (None, 0, 0, ("売上高", "", "対象外"), 300, 0),
        ],
    ),
    "return invoice": (
        [
            Booked(A.RECEIVABLE, -1_100),
            Booked(A.SALES, 1_000, "standard", 10),
            Booked(A.TAX_PAYABLE, 100, "standard", 10),
        ],
        [(("売上高", "", "課税売返内10%"), 1_100, 100, RECEIVABLE, 1_100, 0)],
    ),
    "transfer matched": (
        [Booked(A.BANK, 10_000), Booked(A.RECEIVABLE, -8_600), Booked(A.DEPOSIT, -1_400)],
        [(BANK, 10_000, 0, RECEIVABLE, 8_600, 0), (None, 0, 0, DEPOSIT, 1_400, 0)],
    ),
    "transfer unmatched": (
        [Booked(A.BANK, 500), Booked(A.SUSPENSE, -500)],
        [(BANK, 500, 0, SUSPENSE, 500, 0)],
    ),
    "matched later": (
        [Booked(A.SUSPENSE, 500), Booked(A.RECEIVABLE, -500)],
        [(SUSPENSE, 500, 0, RECEIVABLE, 500, 0)],
    ),
    "deposit used": (
        [Booked(A.DEPOSIT, 70), Booked(A.RECEIVABLE, -70)],
        [(DEPOSIT, 70, 0, RECEIVABLE, 70, 0)],
    ),
    "receivable turned negative": (
        [Booked(A.RECEIVABLE, 70), Booked(A.DEPOSIT, -70)],
        [(RECEIVABLE, 70, 0, DEPOSIT, 70, 0)],
    ),
    "card charged": (
        [Booked(A.CARD_CLEARING, 1_100), Booked(A.RECEIVABLE, -1_100)],
        [(CARD, 1_100, 0, RECEIVABLE, 1_100, 0)],
    ),
    "card refunded, chargeback": (
        [Booked(A.RECEIVABLE, 1_100), Booked(A.CARD_CLEARING, -1_100)],
        [(RECEIVABLE, 1_100, 0, CARD, 1_100, 0)],
    ),
    "card pay-out": (
        [Booked(A.BANK, 970), Booked(A.CARD_FEES, 30), Booked(A.CARD_CLEARING, -1_000)],
        [(BANK, 970, 0, CARD, 1_000, 0), (FEES, 30, 0, None, 0, 0)],
    ),
    "convenience store paid": (
        [Booked(A.KONBINI_CLEARING, 300), Booked(A.RECEIVABLE, -300)],
        [(KONBINI, 300, 0, RECEIVABLE, 300, 0)],
    ),
    "direct debit confirmed": (
        [Booked(A.DEBIT_CLEARING, 300), Booked(A.RECEIVABLE, -300)],
        [(DEBIT, 300, 0, RECEIVABLE, 300, 0)],
    ),
    "settlement of a provider": (
        [Booked(A.BANK, 280), Booked(A.PROVIDER_FEES, 20), Booked(A.KONBINI_CLEARING, -300)],
        [(BANK, 280, 0, KONBINI, 300, 0), (FEES, 20, 0, None, 0, 0)],
    ),
    "slip paid a second time": (
        [Booked(A.KONBINI_CLEARING, 300), Booked(A.DEPOSIT, -300)],
        [(KONBINI, 300, 0, DEPOSIT, 300, 0)],
    ),
    "debit card at order": (
        [Booked(A.CARD_CLEARING, 300), Booked(A.DEPOSIT, -300)],
        [(CARD, 300, 0, DEPOSIT, 300, 0)],
    ),
    "pay-out asked for": (
        [Booked(A.DEPOSIT, 5_000), Booked(A.PAYOUT_PAYABLE, -4_450), Booked(A.TRANSFER_FEES, -550)],
        [(DEPOSIT, 5_000, 0, PAYABLE, 4_450, 0), (None, 0, 0, FEES, 550, 0)],
    ),
    "pay-out executed": (
        [Booked(A.PAYOUT_PAYABLE, 4_450), Booked(A.BANK, -4_450)],
        [(PAYABLE, 4_450, 0, BANK, 4_450, 0)],
    ),
    "the bank's fee for it": (
        [Booked(A.TRANSFER_FEES, 145), Booked(A.BANK, -145)],
        [(FEES, 145, 0, BANK, 145, 0)],
    ),
    "pay-out returned": (
        [Booked(A.BANK, 4_450), Booked(A.DEPOSIT, -4_450)],
        [(BANK, 4_450, 0, DEPOSIT, 4_450, 0)],
    ),
    "shortfall written off": (
        [Booked(A.TRANSFER_FEES, 440), Booked(A.RECEIVABLE, -440)],
        [(FEES, 440, 0, RECEIVABLE, 440, 0)],
    ),
    "bad debt": (
        [
            Booked(A.BAD_DEBT, 1_000, "standard", 10),
            Booked(A.TAX_PAYABLE, 100, "standard", 10),
            Booked(A.RECEIVABLE, -1_100),
        ],
        [(("貸倒損失", "", "課税貸倒内10%"), 1_100, 100, RECEIVABLE, 1_100, 0)],
    ),
    "suspense sent back": (
        [Booked(A.SUSPENSE, 500), Booked(A.BANK, -500)],
        [(SUSPENSE, 500, 0, BANK, 500, 0)],
    ),
}


@pytest.mark.parametrize("what", TABLE)
def test_every_row_of_the_ledgers_table(what: str) -> None:
    booked, expected = TABLE[what]
    rows = list(rows_of(Journal(1, DAY, what, booked), names_of(YAYOI)))
    assert [
        (
            row.debit and (row.debit.account, row.debit.sub_account, row.debit.tax_code),
            row.debit.amount if row.debit else 0,
            row.debit.tax if row.debit else 0,
            row.credit and (row.credit.account, row.credit.sub_account, row.credit.tax_code),
            row.credit.amount if row.credit else 0,
            row.credit.tax if row.credit else 0,
        )
        for row in rows
    ] == expected


def content(format: str, *whats: str) -> str:
    journals = [Journal(index + 1, DAY, what, TABLE[what][0]) for index, what in enumerate(whats)]
    names = names_of(format)
    made = file_of(format, [row for journal in journals for row in rows_of(journal, names)])[0]
    return made.decode("cp932" if format == YAYOI else "utf-8-sig")


def test_yayoi_line_by_line() -> None:
    """2000 alone; 2110 first, 2100 between, 2101 last, under one number; 25 columns."""
    three = "export, exempt and out of scope"
    assert content(YAYOI, "card charged", three, "transfer matched") == (
        "2000,1,,2026/10/31,未収入金,カード,,対象外,1100,,売掛金,,,対象外,1100,,card charged,,,0,,,0,0,no\r\n"
        "2110,2,,2026/10/31,売掛金,,,対象外,600,,売上高,,,輸出売上,100,,"
        '"export, exempt and out of scope",,,3,,,0,0,no\r\n'
        "2100,2,,2026/10/31,,,,,0,,売上高,,,非課売上,200,,"
        '"export, exempt and out of scope",,,3,,,0,0,no\r\n'
        "2101,2,,2026/10/31,,,,,0,,売上高,,,対象外,300,,"
        '"export, exempt and out of scope",,,3,,,0,0,no\r\n'
        "2110,3,,2026/10/31,普通預金,,,対象外,10000,,売掛金,,,対象外,8600,,transfer matched,,,3,,,0,0,no\r\n"
        "2101,3,,2026/10/31,,,,,0,,前受金,,,対象外,1400,,transfer matched,,,3,,,0,0,no\r\n"
    )
    rows = list(csv.reader(io.StringIO(content(YAYOI, *TABLE))))
    assert {len(row) for row in rows} == {25}


def test_freee_line_by_line() -> None:
    assert content(FREEE, "invoice, two rates").splitlines() == [
        "[表題行],日付,伝票番号,決算整理仕訳,借方勘定科目,借方補助科目,借方税区分,借方金額,借方税額,"
        "貸方勘定科目,貸方補助科目,貸方税区分,貸方金額,貸方税額,摘要",
        '[明細行],2026/10/31,1,,売掛金,,対象外,16400,0,売上高,,課税売上10%,11000,1000,"invoice, two rates"',
        '[明細行],2026/10/31,1,,,,,,,売上高,,課税売上8%（軽）,5400,400,"invoice, two rates"',
    ]


def test_money_forward_line_by_line() -> None:
    head, *rows = content(MF, "bad debt", "card pay-out").splitlines()
    assert len(head.split(",")) == 27
    assert rows == [
        "1,2026/10/31,貸倒損失,,,,課税売上-貸倒 10%,,1100,100,売掛金,,,,対象外,,1100,0,bad debt,,,,,,,,",
        "2,2026/10/31,普通預金,,,,対象外,,970,0,未収入金,カード,,,対象外,,1000,0,card pay-out,,,,,,,,",
        "2,2026/10/31,支払手数料,,,,対象外,,30,0,,,,,,,,,card pay-out,,,,,,,,",
    ]


def test_tax_without_its_sale_stands_alone() -> None:
    """A sale taken back to nought leaves its tax; tax of the other side is not mixed in."""
    tax = Booked(A.TAX_PAYABLE, -1, "standard", 10)
    assert with_tax([Booked(A.RECEIVABLE, 1), tax])[-1] == tax
    other = [Booked(A.SALES, 10, "standard", 10), Booked(A.RECEIVABLE, -9), tax]
    assert with_tax(other)[-1] == tax


@given(
    st.lists(
        st.tuples(
            st.sampled_from([A.RECEIVABLE, A.DEPOSIT, A.BANK, A.SALES, A.TAX_PAYABLE, A.BAD_DEBT]),
            st.integers(-(10**9), 10**9).filter(bool),
            st.sampled_from([("standard", 10), ("reduced", 8)]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(JournalFormat.values),
)
def test_sides_balance_as_the_ledger_does(lines: list[Any], format: str) -> None:
    booked = [
        Booked(account, amount, *(rate if account in (A.SALES, A.TAX_PAYABLE, A.BAD_DEBT) else ()))
        for account, amount, rate in lines
    ]
    rest = sum(line.amount for line in booked)
    if rest:
        booked.append(Booked(A.SUSPENSE, -rest))
    debit = sum(line.amount for line in booked if line.amount > 0)
    rows = list(rows_of(Journal(1, DAY, "", booked), names_of(format)))
    assert sum(row.debit.amount for row in rows if row.debit) == debit
    assert sum(row.credit.amount for row in rows if row.credit) == debit


def test_letters_that_shift_jis_lacks() -> None:
    booked = [Booked(A.BANK, 1), Booked(A.SUSPENSE, -1)]
    rows = list(rows_of(Journal(1, DAY, "髙﨑 𠮷田—é😀", booked), names_of(YAYOI)))
    made, changes = file_of(YAYOI, rows)
    assert "髙﨑 吉田―e〓" in made.decode("cp932")
    assert dict(changes.replaced) == {"𠮷→吉": 1, "—→―": 1, "é→e": 1, "😀→〓": 1}
    assert "𠮷田" in file_of(FREEE, rows)[0].decode("utf-8-sig")


def test_long_texts_are_cut_and_counted() -> None:
    assert shortened("あいう", 5) == "あい"
    rows = list(
        rows_of(Journal(1, DAY, "あ" * 33, [Booked(A.BANK, 1), Booked(A.SUSPENSE, -1)]), names_of(YAYOI))
    )
    made, changes = file_of(YAYOI, rows)
    assert f",{'あ' * 32}," in made.decode("cp932")
    assert changes.shortened == 1


def test_a_broken_line_or_quote_stays_one_row() -> None:
    booked = [Booked(A.BANK, 1), Booked(A.SUSPENSE, -1)]
    made = file_of(YAYOI, rows_of(Journal(1, DAY, 'a\r\n2000,"b"', booked), names_of(YAYOI)))[0].decode(
        "cp932"
    )
    [row] = csv.reader(io.StringIO(made))
    assert row[16] == 'a 2000,"b"'


@given(st.text(max_size=40))
def test_any_text_can_be_written(text: str) -> None:
    written(text, Counter())


def test_a_rate_without_a_name_is_named() -> None:
    with pytest.raises(MissingName) as missing:
        side_of(Booked(A.SALES, -1, "standard", 5), names_of(YAYOI))
    assert missing.value.key == ("sales", "standard", 5)


def test_every_reason_has_its_words() -> None:
    assert set(TEXTS) == set(Reason.values)


def test_every_format_knows_every_account() -> None:
    for format in FORMATS:
        accounts = {account for account, _category, _rate in names_of(format)}
        assert accounts == set(Account.values)
