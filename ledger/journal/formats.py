"""The three file formats, column by column. Pure.

Yayoi: 弥生インポート形式, 25 columns, Shift_JIS, no head. freee: 振替伝票 as CSV with [表題行] and [明細行].
Money Forward: 仕訳帳 import, 27 columns. All take sums with tax, and the tax in them.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ledger.journal.letters import on_one_line, shortened, written
from ledger.journal.rules import JournalRow, Side
from ledger.models import JournalFormat

BOM = b"\xef\xbb\xbf"
YAYOI_TEXT, YAYOI_NAME = 64, 24
OTHER_TEXT = 200
_NONE = Side("", "", "", 0, 0)


@dataclass
class Changes:
    """What the format could not hold as it was."""

    replaced: Counter[str] = field(default_factory=Counter)
    shortened: int = 0

    def fitted(self, text: str, places: int) -> str:
        line = on_one_line(text)
        fitted = shortened(line, places)
        self.shortened += fitted != line
        return fitted


Cells = list[str | int]


@dataclass(frozen=True)
class Format:
    head: Cells
    cells: Callable[[JournalRow, Changes], Cells]
    encode: Callable[[str, Changes], bytes]
    extension: str = "csv"


def file_of(format: str, rows: Iterable[JournalRow]) -> tuple[bytes, Changes]:
    """The bytes of the file, the same for the same rows, and what had to be changed."""
    chosen, changes, text = FORMATS[format], Changes(), io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if chosen.head:
        writer.writerow(chosen.head)
    writer.writerows(chosen.cells(row, changes) for row in rows)
    return chosen.encode(text.getvalue(), changes), changes


def _yayoi(row: JournalRow, changes: Changes) -> Cells:
    """Without a debit or a credit, a row of a compound entry has an empty account and a sum of 0."""
    debit, credit = row.debit or _NONE, row.credit or _NONE
    is_single = row.of == 1
    return [
        _flag(row),
        row.journal.number,
        "",
        f"{row.journal.booked_on:%Y/%m/%d}",
        *_yayoi_side(debit, changes),
        *_yayoi_side(credit, changes),
        changes.fitted(row.journal.text, YAYOI_TEXT),
        "",
        "",
        0 if is_single else 3,
        "",
        "",
        0,
        0,
        "no",
    ]


def _flag(row: JournalRow) -> str:
    """識別フラグ: alone, first, between, last."""
    if row.of == 1:
        return "2000"
    return "2110" if row.place == 0 else "2101" if row.place == row.of - 1 else "2100"


def _yayoi_side(side: Side, changes: Changes) -> Cells:
    account, sub = (changes.fitted(text, YAYOI_NAME) for text in (side.account, side.sub_account))
    return [account, sub, "", side.tax_code, side.amount, side.tax if side.tax else ""]


FREEE_HEAD: Cells = [
    "[表題行]",
    "日付",
    "伝票番号",
    "決算整理仕訳",
    "借方勘定科目",
    "借方補助科目",
    "借方税区分",
    "借方金額",
    "借方税額",
    "貸方勘定科目",
    "貸方補助科目",
    "貸方税区分",
    "貸方金額",
    "貸方税額",
    "摘要",
]


def _freee(row: JournalRow, changes: Changes) -> Cells:
    return [
        "[明細行]",
        f"{row.journal.booked_on:%Y/%m/%d}",
        row.journal.number,
        "",
        *_plain_side(row.debit),
        *_plain_side(row.credit),
        changes.fitted(row.journal.text, OTHER_TEXT),
    ]


def _plain_side(side: Side | None) -> Cells:
    if side is None:
        return ["", "", "", "", ""]
    return [side.account, side.sub_account, side.tax_code, side.amount, side.tax]


MF_HEAD: Cells = [
    "取引No",
    "取引日",
    "借方勘定科目",
    "借方補助科目",
    "借方部門",
    "借方取引先",
    "借方税区分",
    "借方インボイス",
    "借方金額(円)",
    "借方税額",
    "貸方勘定科目",
    "貸方補助科目",
    "貸方部門",
    "貸方取引先",
    "貸方税区分",
    "貸方インボイス",
    "貸方金額(円)",
    "貸方税額",
    "摘要",
    "仕訳メモ",
    "タグ",
    "MF仕訳タイプ",
    "決算整理仕訳",
    "作成日時",
    "作成者",
    "最終更新日時",
    "最終更新者",
]


def _money_forward(row: JournalRow, changes: Changes) -> Cells:
    return [
        row.journal.number,
        f"{row.journal.booked_on:%Y/%m/%d}",
        *_mf_side(row.debit),
        *_mf_side(row.credit),
        changes.fitted(row.journal.text, OTHER_TEXT),
        *[""] * 8,
    ]


def _mf_side(side: Side | None) -> Cells:
    if side is None:
        return [""] * 8
    return [side.account, side.sub_account, "", "", side.tax_code, "", side.amount, side.tax]


def _in_shift_jis(text: str, changes: Changes) -> bytes:
    return written(text, changes.replaced)


def _in_utf8(text: str, _changes: Changes) -> bytes:
    return BOM + text.encode()


FORMATS: dict[str, Format] = {
    JournalFormat.YAYOI: Format([], _yayoi, _in_shift_jis, "txt"),
    JournalFormat.FREEE: Format(FREEE_HEAD, _freee, _in_utf8),
    JournalFormat.MONEY_FORWARD: Format(MF_HEAD, _money_forward, _in_utf8),
}
