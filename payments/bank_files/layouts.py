"""The records of the 全銀協 formats that we read and write, as data.

Fields follow each other without gaps; N is a number (right-aligned, zeros), C are characters (left-aligned,
blanks). The labels are those of the banks' own descriptions and are shown in errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

SHORT, LONG = 120, 200


class RecordType(StrEnum):
    HEADER = "1"
    DATA = "2"
    TRAILER = "8"
    END = "9"


class Kind(StrEnum):
    """The 種別コード of the header."""

    INCOMING = "01"
    STATEMENT = "03"
    TRANSFERS = "21"


@dataclass(frozen=True, slots=True)
class Field:
    """`start` counts from 0; `numeric` is type N."""

    name: str
    label: str
    numeric: bool
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True)
class Layout:
    type: RecordType
    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def length(self) -> int:
        return self.fields[-1].end


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its records, all of one length. `wide` is a second form of its data records."""

    kind: Kind
    records: Mapping[RecordType, Layout]
    wide: Layout | None = None

    @property
    def length(self) -> int:
        return self.records[RecordType.HEADER].length


_Row = tuple[str, str, str, int]


def _layout(type_: RecordType, length: int, *rows: _Row) -> Layout:
    fields, start = [Field("record_type", "データ区分", True, 0, 1)], 1
    for name, label, kind, size in rows:
        fields.append(Field(name, label, kind == "N", start, size))
        start += size
    if start < length:
        fields.append(Field("filler", "ダミー", False, start, length - start))
    return Layout(type_, tuple(fields))


_START: tuple[_Row, ...] = (("kind", "種別コード", "N", 2), ("code_set", "コード区分", "N", 1))
_PERIOD: tuple[_Row, ...] = (
    ("made_on", "作成日", "N", 6),
    ("first_day", "勘定日(自)", "N", 6),
    ("last_day", "勘定日(至)", "N", 6),
    ("bank_code", "銀行コード", "N", 4),
    ("bank_name", "銀行名", "C", 15),
    ("branch_code", "支店コード", "N", 3),
    ("branch_name", "支店名", "C", 15),
)
_INCOMING: tuple[_Row, ...] = (
    ("reference", "照会番号", "N", 6),
    ("booked_on", "勘定日", "N", 6),
    ("valued_on", "起算日", "N", 6),
    ("amount", "金額", "N", 10),
    ("cheques", "うち他店券金額", "N", 10),
    ("payer_code", "振込依頼人コード", "N", 10),
    ("payer_name", "振込依頼人名", "C", 48),
    ("from_bank", "仕向銀行名", "C", 15),
    ("from_branch", "仕向店名", "C", 15),
    ("cancelled", "取消区分", "N", 1),
)

_INCOMING_FORMAT = Format(
    Kind.INCOMING,
    {
        RecordType.HEADER: _layout(
            RecordType.HEADER,
            LONG,
            *_START,
            *_PERIOD,
            ("account_type", "預金種目", "N", 1),
            ("account_number", "口座番号", "N", 7),
            ("account_name", "口座名", "C", 40),
        ),
        RecordType.DATA: _layout(RecordType.DATA, LONG, *_INCOMING, ("edi", "EDI情報", "C", 20)),
        RecordType.TRAILER: _layout(
            RecordType.TRAILER,
            LONG,
            ("count", "振込合計件数", "N", 6),
            ("total", "振込合計金額", "N", 12),
            ("cancelled_count", "取消合計件数", "N", 6),
            ("cancelled_total", "取消合計金額", "N", 12),
        ),
        RecordType.END: _layout(RecordType.END, LONG),
    },
    wide=_layout(
        RecordType.DATA,
        LONG,
        *_INCOMING,
        ("wide_amount", "金額(12桁)", "N", 12),
        ("wide_cheques", "うち他店券金額(12桁)", "N", 12),
        ("edi", "EDI情報", "C", 20),
    ),
)

_STATEMENT_FORMAT = Format(
    Kind.STATEMENT,
    {
        RecordType.HEADER: _layout(
            RecordType.HEADER,
            LONG,
            *_START,
            *_PERIOD,
            ("unused", "ダミー", "N", 3),
            ("account_type", "預金種目", "N", 1),
            ("account_number", "口座番号", "N", 10),
            ("account_name", "口座名", "C", 40),
            ("sign_before", "貸越区分", "N", 1),
            ("passbook", "通帳・証書区分", "N", 1),
            ("balance_before", "取引前残高", "N", 14),
        ),
        RecordType.DATA: _layout(
            RecordType.DATA,
            LONG,
            ("reference", "照会番号", "N", 8),
            ("booked_on", "勘定日", "N", 6),
            ("valued_on", "預入・払出日", "N", 6),
            ("direction", "入払区分", "N", 1),
            ("transaction", "取引区分", "N", 2),
            ("amount", "取引金額", "N", 12),
            ("cheques", "うち他店券金額", "N", 12),
            ("presented_on", "交換呈示日", "N", 6),
            ("returned_on", "不渡返還日", "N", 6),
            ("bill_type", "手形・小切手区分", "N", 1),
            ("bill_number", "手形・小切手番号", "N", 7),
            ("sister_branch", "僚店番号", "N", 3),
            ("payer_code", "振込依頼人コード", "N", 10),
            ("payer_name", "振込依頼人名または契約者番号", "C", 48),
            ("from_bank", "仕向銀行名", "C", 15),
            ("from_branch", "仕向店名", "C", 15),
            ("note", "摘要内容", "C", 20),
            ("edi", "EDI情報", "C", 20),
        ),
        RecordType.TRAILER: _layout(
            RecordType.TRAILER,
            LONG,
            ("count", "入金件数", "N", 6),
            ("total", "入金額合計", "N", 13),
            ("out_count", "出金件数", "N", 6),
            ("out_total", "出金額合計", "N", 13),
            ("sign_after", "貸越区分", "N", 1),
            ("balance_after", "取引後残高", "N", 14),
            ("records", "データ・レコード件数", "N", 7),
        ),
        RecordType.END: _layout(
            RecordType.END, LONG, ("records", "レコード総件数", "N", 10), ("accounts", "口座数", "N", 5)
        ),
    },
)

_TRANSFERS_FORMAT = Format(
    Kind.TRANSFERS,
    {
        RecordType.HEADER: _layout(
            RecordType.HEADER,
            SHORT,
            *_START,
            ("sender_code", "振込依頼人コード", "N", 10),
            ("sender_name", "振込依頼人名", "C", 40),
            ("pay_on", "取組日", "N", 4),
            ("bank_code", "仕向銀行番号", "N", 4),
            ("bank_name", "仕向銀行名", "C", 15),
            ("branch_code", "仕向支店番号", "N", 3),
            ("branch_name", "仕向支店名", "C", 15),
            ("account_type", "預金種目", "N", 1),
            ("account_number", "口座番号", "N", 7),
        ),
        RecordType.DATA: _layout(
            RecordType.DATA,
            SHORT,
            ("bank_code", "被仕向銀行番号", "N", 4),
            ("bank_name", "被仕向銀行名", "C", 15),
            ("branch_code", "被仕向支店番号", "N", 3),
            ("branch_name", "被仕向支店名", "C", 15),
            ("clearing_house", "手形交換所番号", "N", 4),
            ("account_type", "預金種目", "N", 1),
            ("account_number", "口座番号", "N", 7),
            ("receiver_name", "受取人名", "C", 30),
            ("amount", "振込金額", "N", 10),
            ("new_code", "新規コード", "N", 1),
            ("customer_code_1", "顧客コード1", "C", 10),
            ("customer_code_2", "顧客コード2", "C", 10),
            ("urgency", "振込指定区分", "N", 1),
            ("edi_mark", "識別表示", "C", 1),
        ),
        RecordType.TRAILER: _layout(
            RecordType.TRAILER, SHORT, ("count", "合計件数", "N", 6), ("total", "合計金額", "N", 12)
        ),
        RecordType.END: _layout(RecordType.END, SHORT),
    },
)

FORMATS = {each.kind: each for each in (_INCOMING_FORMAT, _STATEMENT_FORMAT, _TRANSFERS_FORMAT)}
