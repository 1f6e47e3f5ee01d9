"""Whole files of the 全銀協 formats: header, data and trailer per account, one end record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from billing_project.errors import Code
from payments.bank_files.errors import LISTED, BankFileRejected, RecordError, rejected
from payments.bank_files.layouts import FORMATS, Format, Kind, Layout, RecordType
from payments.bank_files.records import Record, Values, split_records, write_record

JIS = "0"
MAX_RECORDS = 1_000_000


@dataclass(slots=True)
class Batch:
    """What the file says of one account."""

    header: Record
    data: list[Record] = field(default_factory=list)
    trailer: Record | None = None


@dataclass(frozen=True, slots=True)
class ZenginFile:
    kind: Kind
    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class NewBatch:
    """An account's part of a file to be written; counts and sums of the trailer are made from the data."""

    header: Values
    data: Sequence[Values]
    trailer: Values = field(default_factory=dict)


def looks_like_zengin(content: bytes) -> bool:
    """Whether the first bytes are those of a header of a kind we know."""
    return any(content.startswith(f"1{kind.value}".encode()) for kind in Kind)


def read_file(content: bytes) -> ZenginFile:
    """Reads and checks a file. Raises BankFileRejected with every record and field that is wrong."""
    kind = _kind_of(content)
    format_ = FORMATS[kind]
    lines = split_records(content, format_.length)
    if len(lines) > MAX_RECORDS:
        raise rejected(0, "", Code.INVALID_INPUT, _("The file has more than a million records."))
    records = [_record(format_, number, line) for number, line in enumerate(lines, start=1)]
    errors = [error for record in records for error in record.problems()]
    if errors:
        raise BankFileRejected(errors)
    batches = _batches(records)
    if errors := [*_header_problems(batches, kind), *_wrong_totals(format_, batches, records)]:
        raise BankFileRejected(errors)
    return ZenginFile(kind, tuple(batches))


def write_file(
    kind: Kind, batches: Sequence[NewBatch], *, separator: bytes = b"\r\n", end_of_file: bytes = b""
) -> bytes:
    """The bytes of a file. Raises BankFileRejected naming record and field of a value that does not fit."""
    format_, written = FORMATS[kind], list[bytes]()

    def write(type_: RecordType, values: Values, layout: Layout | None = None) -> None:
        layout = layout or format_.records[type_]
        written.append(write_record(layout, values, number=len(written) + 1))

    for batch in batches:
        write(RecordType.HEADER, {"kind": kind.value, "code_set": JIS, **batch.header})
        for values in batch.data:
            write(RecordType.DATA, values, format_.wide if "wide_amount" in values else None)
        write(RecordType.TRAILER, {**_TOTALS[kind].of_values(batch.data), **batch.trailer})
    write(RecordType.END, {})
    return separator.join([*written, b""]) + end_of_file


def _kind_of(content: bytes) -> Kind:
    kinds = {kind.value.encode(): kind for kind in Kind}
    if content[:1] != RecordType.HEADER.value.encode() or content[1:3] not in kinds:
        text = _("This is not the header of a file of kind 01, 03 or 21.")
        raise rejected(1, "種別コード", Code.INVALID_INPUT, text)
    return kinds[content[1:3]]


def _record(format_: Format, number: int, line: str) -> Record:
    try:
        layout = format_.records[RecordType(line[0])]
    except ValueError:
        text = _("There is no record of type “%(type)s”.") % {"type": line[0]}
        raise rejected(number, "データ区分", Code.INVALID_INPUT, text) from None
    if layout.type == RecordType.DATA and format_.wide and _is_wide(line, format_.wide):
        layout = format_.wide
    return Record(number, layout, line)


def _is_wide(line: str, wide: Layout) -> bool:
    """Its twelve-digit sums stand where the narrow form has text and blanks."""
    first, last = wide.by_name["wide_amount"], wide.by_name["wide_cheques"]
    return line[first.start : last.end].isdigit()


_FOLLOWS = {
    None: {RecordType.HEADER},
    RecordType.HEADER: {RecordType.DATA, RecordType.TRAILER},
    RecordType.DATA: {RecordType.DATA, RecordType.TRAILER},
    RecordType.TRAILER: {RecordType.HEADER, RecordType.END},
    RecordType.END: set[RecordType](),
}


def _batches(records: Sequence[Record]) -> list[Batch]:
    batches: list[Batch] = []
    before: RecordType | None = None
    for record in records:
        if record.layout.type not in _FOLLOWS[before]:
            text = _("A record of this type cannot stand here.")
            raise rejected(record.position, "データ区分", Code.INVALID_INPUT, text)
        before = record.layout.type
        if before == RecordType.HEADER:
            batches.append(Batch(record))
        elif before == RecordType.DATA:
            batches[-1].data.append(record)
        elif before == RecordType.TRAILER:
            batches[-1].trailer = record
    if before != RecordType.END:
        text = _("The end record is missing: the file is not complete.")
        raise rejected(len(records), "データ区分", Code.INVALID_INPUT, text)
    return batches


def _header_problems(batches: Sequence[Batch], kind: Kind) -> list[RecordError]:
    errors = []
    for header in (batch.header for batch in batches):
        if header.text("kind") != kind.value:
            errors.append(_error(header, "kind", _("All parts of a file must be of one kind.")))
        if header.text("code_set") not in ("", JIS):
            errors.append(_error(header, "code_set", _("Only files in JIS code (0) can be read.")))
    return errors


@dataclass(frozen=True, slots=True)
class _Totals:
    """Which fields of the trailer count and add up which data records."""

    parts: Mapping[tuple[str, str], Callable[[Values], bool]]

    def of_values(self, data: Sequence[Values]) -> dict[str, int]:
        found: dict[str, int] = {}
        for (count, total), belongs in self.parts.items():
            amounts = [int(row.get("wide_amount") or row["amount"]) for row in data if belongs(row)]
            found |= {count: len(amounts), total: sum(amounts)}
        return found


def amount_of(record: Record) -> int:
    """The sum of a data record, in yen; the twelve-digit one where there are both."""
    wide = record.number("wide_amount") if "wide_amount" in record.layout.by_name else 0
    return wide or record.number("amount")


def _is_cancelled(row: Values) -> bool:
    return str(row.get("cancelled", "")) == "1"


def _is_incoming(row: Values) -> bool:
    return str(row.get("direction", "")) == "1"


_TOTALS = {
    Kind.INCOMING: _Totals(
        {
            ("count", "total"): lambda row: not _is_cancelled(row),
            ("cancelled_count", "cancelled_total"): _is_cancelled,
        }
    ),
    Kind.STATEMENT: _Totals(
        {("count", "total"): _is_incoming, ("out_count", "out_total"): lambda row: not _is_incoming(row)}
    ),
    Kind.TRANSFERS: _Totals({("count", "total"): lambda row: True}),
}
_DECIDES = ("cancelled", "direction")


def _wrong_totals(format_: Format, batches: Sequence[Batch], records: Sequence[Record]) -> list[RecordError]:
    errors: list[RecordError] = []
    for batch in batches:
        assert batch.trailer
        rows = [_values(record) for record in batch.data]
        errors += _differing(batch.trailer, _TOTALS[format_.kind].of_values(rows))
        errors += _differing(batch.trailer, {"records": len(rows)}, optional=True)
    errors += _differing(records[-1], {"accounts": len(batches)}, optional=True)
    errors += _wrong_number_of_records(records)
    return errors[:LISTED]


def _values(record: Record) -> Values:
    known = record.layout.by_name
    return {"amount": amount_of(record), **{name: record.text(name) for name in _DECIDES if name in known}}


def _differing(record: Record, expected: Mapping[str, int], *, optional: bool = False) -> list[RecordError]:
    """Counts and sums of the record that are not as expected; optional ones may be left out or 0."""
    text = _("The record says %(said)s, the data add up to %(found)s.")
    return [
        _error(record, name, text % {"said": f"{record.number(name):,}", "found": f"{value:,}"})
        for name, value in expected.items()
        if name in record.layout.by_name
        and record.number(name) != value
        and not (optional and not record.number(name))
    ]


def _wrong_number_of_records(records: Sequence[Record]) -> list[RecordError]:
    """Banks count the end record or do not."""
    end = records[-1]
    if "records" not in end.layout.by_name or end.number("records") == len(records) - 1:
        return []
    return _differing(end, {"records": len(records)}, optional=True)


def _error(record: Record, name: str, message: str) -> RecordError:
    return RecordError(record.position, record.layout.by_name[name].label, Code.INVALID_INPUT.value, message)
