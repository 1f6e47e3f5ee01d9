"""CSV files of banks, whose columns have been mapped once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing_project.errors import Code, InvalidValue
from billing_project.money import parse_yen
from payments.bank_files.days import written_day
from payments.bank_files.errors import BankFileRejected, RecordError, rejected
from payments.bank_files.incoming import Incoming, IncomingFile
from payments.bank_files.kana import printed_name

KIND = "csv"
MAX_REFERENCE = 20
MAX_PAYER = 100


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """Where a bank's CSV says what. A column is the text of its heading, or its number counted from 1.

    `account` names the account in our books. `skip` lines stand before the heading. `reference` may be
    empty. `payer_prefix` is what the bank writes before the payer, such as 振込.
    """

    account: str
    date: str
    amount: str
    payer: str
    reference: str = ""
    skip: int = 0
    has_heading: bool = True
    japanese_era: bool = False
    encoding: str = "cp932"
    payer_prefix: str = ""


def read_csv(content: bytes, mapping: CsvMapping, *, today: date) -> IncomingFile:
    """Lines with a positive sum in the column of incoming money; others are not money that came in.

    Raises BankFileRejected naming line and column.
    """
    lines = list(csv.reader(io.StringIO(_decode(content, mapping.encoding), newline="")))
    columns = _Columns.find(lines, mapping)
    first = mapping.skip + mapping.has_heading
    errors: list[RecordError] = []
    transfers: list[Incoming] = []
    for number, cells in enumerate(lines[first:], start=first + 1):
        line = _Line(number, cells, columns, mapping)
        if not line.is_incoming():
            continue
        if problems := list(line.problems(today)):
            errors += problems
        else:
            transfers.append(line.transfer())
    if errors:
        raise BankFileRejected(errors)
    return IncomingFile(KIND, tuple(transfers))


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        text = _("The file is not written in %(encoding)s.") % {"encoding": encoding}
        raise rejected(number, "", Code.INVALID_INPUT, text) from None


@dataclass(frozen=True, slots=True)
class _Columns:
    date: int
    amount: int
    payer: int
    reference: int | None

    @classmethod
    def find(cls, lines: Sequence[list[str]], mapping: CsvMapping) -> _Columns:
        heading: list[str] = []
        if mapping.has_heading and len(lines) > mapping.skip:
            heading = [cell.strip() for cell in lines[mapping.skip]]

        def place(column: str) -> int:
            if column in heading:
                return heading.index(column)
            if column.isascii() and column.isdigit() and int(column):
                return int(column) - 1
            text = _("The file has no column “%(column)s”.") % {"column": column}
            raise rejected(mapping.skip + 1, column, Code.INVALID_INPUT, text)

        date, amount, payer = (place(each) for each in (mapping.date, mapping.amount, mapping.payer))
        return cls(date, amount, payer, place(mapping.reference) if mapping.reference else None)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Sequence[str]
    columns: _Columns
    mapping: CsvMapping

    def is_incoming(self) -> bool:
        """Outgoing money leaves the column empty, or stands there as 0 or with a minus."""
        text = self._cell(self.columns.amount)
        return bool(text) and (self._yen() is None or self._yen_or_0() > 0)

    def problems(self, today: date) -> Iterator[RecordError]:
        day, amount = self._cell(self.columns.date), self._cell(self.columns.amount)
        try:
            if written_day(day, japanese_era=self.mapping.japanese_era) > today:
                yield self._wrong("date", Code.INVALID_DATE, _("“%(value)s” lies in the future."), day)
        except ValueError:
            yield self._wrong("date", Code.INVALID_DATE, _("“%(value)s” is not a day."), day)
        if self._yen() is None:
            yield self._wrong("amount", Code.INVALID_AMOUNT, _("“%(value)s” is not a sum of yen."), amount)
        if len(self._payer()) > MAX_PAYER or len(self._reference()) > MAX_REFERENCE:
            yield self._wrong("payer", Code.INVALID_INPUT, _("Payer or reference is too long."))

    def transfer(self) -> Incoming:
        return Incoming(
            record=self.number,
            account=self.mapping.account,
            booked_on=written_day(self._cell(self.columns.date), japanese_era=self.mapping.japanese_era),
            reference=self._reference(),
            amount=self._yen_or_0(),
            payer=self._payer(),
        )

    def _cell(self, column: int) -> str:
        return self.cells[column].strip() if column < len(self.cells) else ""

    def _yen(self) -> int | None:
        try:
            return parse_yen(self._cell(self.columns.amount))
        except InvalidValue:
            return None

    def _yen_or_0(self) -> int:
        return self._yen() or 0

    def _payer(self) -> str:
        name = printed_name(self._cell(self.columns.payer))
        return name.removeprefix(printed_name(self.mapping.payer_prefix)).strip()

    def _reference(self) -> str:
        return "" if self.columns.reference is None else self._cell(self.columns.reference)

    def _wrong(self, field: str, code: Code, text: str, value: str = "") -> RecordError:
        column = getattr(self.mapping, field)
        return RecordError(self.number, column, code.value, text % {"value": value} if value else text)
