"""Bytes to fixed-length records and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing_project.errors import Code
from payments.bank_files.errors import RecordError, rejected
from payments.bank_files.kana import NotBankKana, bank_kana
from payments.bank_files.layouts import Field, Layout

ENCODING = "cp932"
"""Its single bytes are those of JIS X 0201."""
_SEPARATORS = (b"\r\n", b"\r", b"\n")
_END = b"\x1a\r\n"
_SINGLE = bytes([*range(0x20, 0x7F), *range(0xA1, 0xE0)])
_MARK = b"\x00"
_SHOW_OTHERS = bytes(code if code in _SINGLE else 0 for code in range(256))

Values = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a file: its number, counted from 1, and its text, filled up to its full length."""

    position: int
    layout: Layout
    content: str

    def text(self, name: str) -> str:
        """The field without the blanks that fill it up."""
        field = self.layout.by_name[name]
        return self.content[field.start : field.end].strip(" ")

    def number(self, name: str) -> int:
        """A field of type N; blank counts as 0. The fields have been checked when the file was read."""
        return int(self.text(name) or 0)

    def problems(self) -> Iterator[RecordError]:
        """Fields of type N that hold anything but digits."""
        for field in self.layout.fields:
            value = self.content[field.start : field.end].strip(" ")
            if field.numeric and value and not value.isdigit():
                text = _("“%(value)s” is not a number.") % {"value": value}
                yield RecordError(self.position, field.label, Code.INVALID_INPUT.value, text)


def split_records(content: bytes, length: int) -> list[str]:
    """The records of a file: one after another, or each ended by CR LF, LF or CR; a final 0x1A is no record.

    Where there are separators, a record may have lost the blanks at its end. Raises BankFileRejected.
    """
    content = content.rstrip(_END)
    if separator := next((each for each in _SEPARATORS if each in content), None):
        pieces = content.split(separator)
    else:
        pieces = [content[start : start + length] for start in range(0, len(content), length)]
    return [_decode(piece, number, length) for number, piece in enumerate(pieces, start=1)]


def _decode(piece: bytes, number: int, length: int) -> str:
    if len(piece) > length or not piece:
        text = _("The record has %(found)d bytes instead of %(length)d.")
        raise rejected(number, "", Code.INVALID_INPUT, text % {"found": len(piece), "length": length})
    if (bad := piece.translate(_SHOW_OTHERS).find(_MARK)) >= 0:
        text = _("Byte %(position)d, 0x%(byte)02X, is not a character of JIS X 0201.")
        raise rejected(number, "", Code.INVALID_INPUT, text % {"position": bad + 1, "byte": piece[bad]})
    return piece.decode(ENCODING).ljust(length)


def write_record(layout: Layout, values: Values, *, number: int = 1) -> bytes:
    """The record with these values; fields that are not named are empty.

    Raises BankFileRejected for a value that does not fit, naming record `number` and field; KeyError for a
    field that the layout does not have.
    """
    unknown = set(values) - set(layout.by_name)
    if unknown:
        raise KeyError(f"No such fields: {sorted(unknown)}")
    given = {"record_type": layout.type.value, **values}
    return b"".join(_write_field(field, given.get(field.name, ""), number) for field in layout.fields)


def _write_field(field: Field, value: str | int, number: int) -> bytes:
    try:
        text = _digits(value) if field.numeric else bank_kana(str(value))
    except ValueError as error:
        raise rejected(number, field.label, Code.INVALID_INPUT, _why(error, value)) from None
    if len(text) > field.length:
        message = _("“%(value)s” is longer than %(length)d characters.")
        message %= {"value": text, "length": field.length}
        raise rejected(number, field.label, Code.INVALID_INPUT, message)
    filled = text.rjust(field.length, "0") if field.numeric else text.ljust(field.length)
    return filled.encode(ENCODING)


def _digits(value: str | int) -> str:
    text = str(value)
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return text


def _why(error: ValueError, value: str | int) -> str:
    if isinstance(error, NotBankKana):
        return error.message
    return _("“%(value)s” is not a number.") % {"value": value}
