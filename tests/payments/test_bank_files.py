"""Fixed-length records, read and written: round trips, files of others, and what must be refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bank_files.days import reiwa_day, written_day
from payments.bank_files.errors import BankFileRejected
from payments.bank_files.incoming import read_incoming
from payments.bank_files.layouts import FORMATS, Kind, RecordType
from payments.bank_files.records import split_records, write_record
from payments.bank_files.zengin import NewBatch, ZenginFile, read_file, write_file
from tests.payments.files import ACCOUNT, DAY, era, incoming, statement
from tests.shared import SHARED

ZENGIN = SHARED / "data" / "zengin"
foreign = pytest.mark.skipif(not ZENGIN.is_dir(), reason=f"{ZENGIN} is not there")
TODAY = date(2026, 12, 10)
TWO = incoming(("ｶ)ｱｸﾒ", 33_000), ("ﾕ)ﾍﾞ-ﾀ", 66_000))

KANA = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟABCXYZ0189()-."
names = st.text(KANA, max_size=30)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "bank_code": st.integers(0, 9_999),
            "account_number": st.integers(0, 9_999_999),
            "receiver_name": names,
            "amount": st.integers(0, 10**10 - 1),
        }
    ),
    max_size=5,
)


def why(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(BankFileRejected) as refusal:
        read_incoming(content, today=TODAY)
    assert all(error.message for error in refusal.value.errors)
    return [(error.record, error.field) for error in refusal.value.errors]


@pytest.mark.parametrize("kind", Kind)
def test_every_record_is_as_long_as_its_file_says(kind: Kind) -> None:
    format_ = FORMATS[kind]
    layouts = [*format_.records.values(), *([format_.wide] if format_.wide else [])]
    assert {layout.length for layout in layouts} == {120 if kind == Kind.TRANSFERS else 200}
    for layout in layouts:
        ends = [0, *(field.end for field in layout.fields)]
        assert [field.start for field in layout.fields] == ends[:-1]


@given(
    rows=rows, separator=st.sampled_from([b"", b"\r\n", b"\n", b"\r"]), end=st.sampled_from([b"", b"\x1a"])
)
def test_what_is_written_is_read(rows: list[dict[str, str | int]], separator: bytes, end: bytes) -> None:
    content = write_file(Kind.TRANSFERS, [NewBatch(ACCOUNT, rows)], separator=separator, end_of_file=end)
    [batch] = read_file(content).batches
    assert [record.number("amount") for record in batch.data] == [row["amount"] for row in rows]
    assert [record.text("receiver_name") for record in batch.data] == [row["receiver_name"] for row in rows]
    assert batch.trailer
    assert batch.trailer.number("count") == len(rows)
    assert batch.trailer.number("total") == sum(int(row["amount"]) for row in rows)


@given(st.binary(max_size=600))
def test_bytes_of_anything_are_refused_not_misread(content: bytes) -> None:
    with pytest.raises(BankFileRejected):
        read_file(content)


@given(place=st.integers(0, len(TWO) - 1), byte=st.integers(0, 255))
def test_one_byte_changed_is_read_with_the_same_sum_or_refused(place: int, byte: int) -> None:
    """Which payer it is may change with a letter, but no yen is made or lost."""
    content = TWO[:place] + bytes([byte]) + TWO[place + 1 :]
    try:
        read = read_incoming(content, today=TODAY)
    except BankFileRejected:
        return
    assert sum(each.amount for each in read.transfers if not each.cancelled) in (0, 99_000)


class TestForeignFiles:
    """Files that others wrote."""

    @pytest.fixture
    def bulk(self) -> ZenginFile:
        return read_file((ZENGIN / "sougou-furikomi.txt").read_bytes())

    @foreign
    def test_every_field_as_another_reader_reads_it(self, bulk: ZenginFile) -> None:
        [batch] = bulk.batches
        assert batch.trailer
        records = {each.position: each for each in (batch.header, *batch.data, batch.trailer)}
        number, compared = 0, 0
        for line in (ZENGIN / "sougou-furikomi.expected.txt").read_text().splitlines():
            if found := re.match(r"-- record (\d+)", line):
                number = int(found[1])
            elif number in records and (found := re.match(r" +\w+ +\[(\d+)\+(\d+)\] (.*)", line)):
                start, length, expected = int(found[1]), int(found[2]), found[3]
                record = records[number]
                field = next(each for each in record.layout.fields if each.start == start)
                assert field.length == length
                assert record.text(field.name) == expected.replace("(empty)", "").strip()
                compared += 1
        assert compared == 13 + 2 * 16 + 4

    @foreign
    def test_lines_that_lost_their_blanks(self) -> None:
        [batch] = read_file((ZENGIN / "kyash_sample.txt").read_bytes()).batches
        assert [(row.text("receiver_name"), row.number("amount")) for row in batch.data] == [
            ("ｷﾔﾂｼ ｼﾖｳｼﾞ", 1),
            ("ｷﾔﾂｼ ﾊﾅｺ", 2),
            ("ｷﾔﾂｼ ｼﾞﾛｳ", 3),
        ]

    @foreign
    def test_payments_going_out_are_no_incoming_money(self) -> None:
        assert why((ZENGIN / "kyash_sample.txt").read_bytes()) == [(1, "種別コード")]


class TestIncoming:
    def test_what_it_says(self) -> None:
        first, second = read_incoming(TWO, today=TODAY).transfers
        assert (first.account, first.booked_on, first.reference) == ("0001-100-1-1234567", DAY, "1")
        assert (first.payer, first.amount, first.record) == ("ｶ)ｱｸﾒ", 33_000, 2)
        assert (second.payer, second.amount, second.record) == ("ﾕ)ﾍﾞ-ﾀ", 66_000, 3)

    def test_twelve_digits(self) -> None:
        row = {"payer_name": "ｱｸﾒ", "amount": 0, "wide_amount": 10**11, "wide_cheques": 0, "edi": "INV-1"}
        [transfer] = read_incoming(incoming(row), today=TODAY).transfers
        assert (transfer.amount, transfer.note) == (10**11, "INV-1")

    def test_two_sums_that_differ(self) -> None:
        row = {"payer_name": "ｱｸﾒ", "amount": 5, "wide_amount": 6, "wide_cheques": 0}
        assert why(incoming(row)) == [(2, "金額(12桁)")]

    def test_cancelled_entries_have_their_own_sums(self) -> None:
        content = incoming(("ｱｸﾒ", 5), {"payer_name": "ｱｸﾒ", "amount": 7, "cancelled": 1})
        assert [each.cancelled for each in read_incoming(content, today=TODAY).transfers] == [False, True]

    def test_of_a_statement_only_what_came_in(self) -> None:
        content = statement(("ｱｸﾒ", 1, 500), ("", 2, 300), ("ﾍﾞ-ﾀ", 1, 200))
        read = read_incoming(content, today=TODAY)
        assert [(each.payer, each.amount) for each in read.transfers] == [("ｱｸﾒ", 500), ("ﾍﾞ-ﾀ", 200)]
        assert read.accounts == ("0001-100-1-1234567",)

    def test_several_accounts(self) -> None:
        other: dict[str, str | int] = {**ACCOUNT, "account_number": "7654321"}
        row: dict[str, str | int] = {"booked_on": era(DAY), "amount": 5}
        content = write_file(Kind.INCOMING, [NewBatch(ACCOUNT, [row]), NewBatch(other, [row, row])])
        read = read_incoming(content, today=TODAY)
        assert read.accounts == ("0001-100-1-1234567", "0001-100-1-7654321")
        assert len(read.transfers) == 3


def _trailer(**values: int) -> Callable[[bytes], bytes]:
    """The file with another trailer."""

    def change(content: bytes) -> bytes:
        lines = content.split(b"\r\n")
        told = {"count": 2, "total": 99_000, **values}
        lines[3] = write_record(FORMATS[Kind.INCOMING].records[RecordType.TRAILER], told)
        return b"\r\n".join(lines)

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_trailer(count=3), [(4, "振込合計件数")]),
        (_trailer(total=98_999), [(4, "振込合計金額")]),
        (_trailer(count=1, total=33_000), [(4, "振込合計件数"), (4, "振込合計金額")]),
        (_trailer(cancelled_count=1), [(4, "取消合計件数")]),
        (lambda content: content.replace(b"0000033000", b"00000330X0"), [(2, "金額")]),
        (lambda content: content.replace(b"081207", b"081311"), [(2, "勘定日"), (3, "勘定日")]),
        (lambda content: content.replace(b"081207", b"081211"), [(2, "勘定日"), (3, "勘定日")]),
        (lambda content: content.replace("ｱｸﾒ".encode("cp932"), "悪".encode("cp932") + b" "), [(2, "")]),
        (lambda content: content.replace(b"\r\n8", b"\r\n7"), [(4, "データ区分")]),
        (lambda content: content[:-202], [(4, "データ区分")]),
        (lambda content: content[:-202].rpartition(b"\r\n8")[0], [(3, "データ区分")]),
        (lambda content: content + content, [(6, "データ区分")]),
        (lambda content: content.replace(b"\r\n2", b" \r\n2", 1), [(1, "")]),
        (lambda content: b"", [(1, "種別コード")]),
        (lambda content: b"\xef\xbb\xbf" + content, [(1, "種別コード")]),
        (lambda content: content.replace(b"1010", b"1011", 1), [(1, "コード区分")]),
    ],
)
def test_what_is_refused(change: Callable[[bytes], bytes], expected: list[tuple[int, str]]) -> None:
    assert why(change(TWO)) == expected


def test_a_sum_of_nothing() -> None:
    assert why(incoming(("ｱｸﾒ", 0))) == [(2, "金額")]


def test_totals_of_a_statement() -> None:
    rows = (("ｱｸﾒ", 1, 500), ("", 2, 300))
    assert why(statement(*rows, trailer={"records": 3})) == [(4, "データ・レコード件数")]
    assert why(statement(*rows, trailer={"out_total": 301})) == [(4, "出金額合計")]


def test_a_direction_that_is_none() -> None:
    assert why(statement(("ｱｸﾒ", 1, 500), ("", 3, 300))) == [(3, "入払区分")]


def test_values_that_do_not_fit() -> None:
    for values, field in (
        ({"amount": 10**10}, "振込金額"),
        ({"receiver_name": "ｱ" * 31}, "受取人名"),
        ({"receiver_name": "悪目"}, "受取人名"),
        ({"amount": "1O"}, "振込金額"),
    ):
        with pytest.raises(BankFileRejected) as refusal:
            write_file(Kind.TRANSFERS, [NewBatch(ACCOUNT, [{"amount": 1, **values}])])
        assert [(error.record, error.field) for error in refusal.value.errors] == [(2, field)]
    with pytest.raises(KeyError):
        write_record(FORMATS[Kind.TRANSFERS].records[RecordType.DATA], {"amonut": 1})


def test_records_without_separators() -> None:
    assert split_records(b"aabbc\x1a", 2) == ["aa", "bb", "c "]


def test_days() -> None:
    assert reiwa_day("081102") == date(2026, 11, 2)
    assert reiwa_day("010501") == date(2019, 5, 1)
    for text in ("001102", "081131", "81102", "", "0811 2"):
        with pytest.raises(ValueError):
            reiwa_day(text)


@pytest.mark.parametrize("text", ["2026/11/2", "2026-11-02", "20261102", "2026年11月2日"])
def test_written_days(text: str) -> None:
    assert written_day(text, japanese_era=False) == date(2026, 11, 2)


@pytest.mark.parametrize("text", ["R8.11.2", "令和8年11月2日", "081102", "8/11/2"])
def test_written_days_of_the_era(text: str) -> None:
    assert written_day(text, japanese_era=True) == date(2026, 11, 2)


@pytest.mark.parametrize("text", ["", "x", "2", "02/11/2026", "26/11/2", "2026/13/1"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        written_day(text, japanese_era=False)
