"""Reads a sales file: every line judged, every error named, nothing stored."""

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from typing import Any

from django.utils.translation import gettext as _

from .rows import COLUMNS, DELIVERED, NUMBER, TAX_CLASS, UNIT_PRICE, LineError, SaleRow
from .text import decode, encoding_of, numbered, split_lines
from .values import (
    PARSERS_IN_ORDER,
    UNPRINTABLE,
    BadValueError,
    check_amount,
    check_printable,
    check_tax_on_date,
    shown,
)

MAX_LINES = 300_000


@dataclass(frozen=True)
class SalesFile:
    """What a file holds. Take `rows` only when `errors` is empty: it is the whole file or nothing."""

    sha256: str
    encoding: str
    rows: tuple[SaleRow, ...]
    errors: tuple[LineError, ...]


@dataclass
class _Reading:
    latest: date | None
    rows: list[SaleRow] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    line_of_number: dict[str, int] = field(default_factory=dict)

    def add(self, line: int, column: str, error: BadValueError) -> None:
        self.errors.append(LineError(line, column, error.code, error.message))

    def check_number(self, line: int, number: str) -> None:
        first = self.line_of_number.setdefault(number, line)
        if first != line:
            message = _("The sales number is already on line %(line)d. Each sale has a number of its own.")
            raise BadValueError("duplicate_number", message % {"line": first})

    def check_not_future(self, delivered_on: date) -> None:
        if self.latest is not None and delivered_on > self.latest:
            message = _("%(date)s has not come yet. A sale is imported once it is delivered.")
            raise BadValueError("date_in_future", message % {"date": f"{delivered_on:%Y/%m/%d}"})


def read_sales_file(content: bytes, *, latest: date | None = None) -> SalesFile:
    """All rows and all errors of a file: CSV in Shift_JIS or UTF-8 (with or without BOM), one header line.

    A delivery after `latest` is an error (X4: no delivery lies in the future); None judges no date so.
    Never raises for what a file may hold; `errors` are in the order of the lines.
    """
    reading = _Reading(latest)
    encoding = ""
    try:
        encoding = _check_file(content)
    except BadValueError as error:
        reading.add(1, "", error)
    else:
        for line, raw in numbered(split_lines(content)):
            _read_line(reading, line, raw, encoding)
        if not reading.rows and not reading.errors:
            reading.add(1, "", BadValueError("empty_file", _("The file has no sales below its header.")))
    return SalesFile(
        hashlib.sha256(content).hexdigest(), encoding, tuple(reading.rows), tuple(reading.errors)
    )


def _check_file(content: bytes) -> str:
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise BadValueError("empty_file", _("The file is empty. Export it again."))
    if content.count(b"\n") > MAX_LINES:
        message = _("The file has more than %(max)d lines. Split it into several files.")
        raise BadValueError("too_many_lines", message % {"max": MAX_LINES})
    encoding = encoding_of(content)
    _check_header(_split(decode(split_lines(content)[0], encoding)))
    return encoding


def _check_header(header: list[str]) -> None:
    if tuple(header) == COLUMNS:
        return
    place = next((n for n, (a, b) in enumerate(zip(header, COLUMNS, strict=False)) if a != b), len(header))
    found = header[place] if place < len(header) else ""
    wanted = COLUMNS[place] if place < len(COLUMNS) else ""
    message = _(
        "Column %(place)d of the header is “%(found)s” and must be “%(wanted)s”. The header is %(header)s."
    )
    values = {"place": place + 1, "found": shown(found), "wanted": wanted, "header": ",".join(COLUMNS)}
    raise BadValueError("wrong_header", message % values)


def _read_line(reading: _Reading, line: int, raw: bytes, encoding: str) -> None:
    try:
        text = decode(raw, encoding)
        fields = _split(text)
    except BadValueError as error:
        reading.add(line, "", error)
        return
    if len(fields) != len(COLUMNS):
        _wrong_count(reading, line, fields)
        return
    before = len(reading.errors)
    if UNPRINTABLE.search(text):
        _each(reading, line, zip(COLUMNS, fields, repeat(check_printable), strict=False))
    row = SaleRow(line, *_each(reading, line, zip(COLUMNS, fields, PARSERS_IN_ORDER, strict=True)))
    _check_row(reading, row)
    if len(reading.errors) == before:
        reading.rows.append(row)


def _split(text: str) -> list[str]:
    """The fields of one line. A value never spans lines: what a document prints has none."""
    try:
        return [value.strip() for value in next(csv.reader((text,), strict=True), [])]
    except csv.Error:
        check_printable(text)
        message = _(
            'The quotation marks do not match. A value must begin and end on one line, with “"” around it.'
        )
        raise BadValueError("malformed_line", message) from None


def _wrong_count(reading: _Reading, line: int, fields: list[str]) -> None:
    if len(fields) < len(COLUMNS):
        column, code = COLUMNS[len(fields)], "missing_columns"
        message = _(
            "The line has %(found)d columns and needs %(wanted)d: this one and all after it are missing."
        )
    else:
        column, code = COLUMNS[-1], "too_many_columns"
        message = _('The line has %(found)d columns, not %(wanted)d. Put a value that has a comma in “"”.')
    reading.add(line, column, BadValueError(code, message % {"found": len(fields), "wanted": len(COLUMNS)}))


def _each(reading: _Reading, line: int, checks: Iterable[tuple[str, str, Callable[[str], Any]]]) -> list[Any]:
    """The value of each column; None where an error was named."""
    values: list[Any] = []
    for column, text, check in checks:
        try:
            values.append(check(text))
        except BadValueError as error:
            reading.add(line, column, error)
            values.append(None)
    return values


def _check_row(reading: _Reading, row: SaleRow) -> None:
    """What values say together; a value that was bad by itself is None and judged no further."""
    checks: list[tuple[str, Callable[..., None], tuple[Any, ...]]] = [
        (NUMBER, reading.check_number, (row.line, row.number)),
        (DELIVERED, reading.check_not_future, (row.delivered_on,)),
        (UNIT_PRICE, check_amount, (row.quantity, row.unit_price)),
        (TAX_CLASS, check_tax_on_date, (row.tax_category, row.delivered_on)),
    ]
    for column, check, values in checks:
        try:
            if None not in values:
                check(*values)
        except BadValueError as error:
            reading.add(row.line, column, error)
