"""Bytes of a sales file as numbered lines of text."""

import codecs
from collections.abc import Iterator

from django.utils.translation import gettext as _

from .values import BadValueError

SHIFT_JIS = "cp932"
UTF_8 = "utf-8"


def split_lines(content: bytes) -> list[bytes]:
    """Lines without their ends (LF or CR LF). Neither byte is part of a character in Shift_JIS or UTF-8."""
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    return [line.removesuffix(b"\r") for line in lines]


def encoding_of(content: bytes) -> str:
    """The encoding, told by the header alone: its Japanese in Shift_JIS is never valid UTF-8.

    So one broken byte further down is an error of its line and does not change how the others are read.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:64]:
        message = _("This is no CSV in Shift_JIS or UTF-8, but UTF-16 or a workbook. Save it as CSV.")
        raise BadValueError("unsupported_encoding", message)
    header = split_lines(content.split(b"\n", 1)[0])[0]
    try:
        header.decode(UTF_8)
    except UnicodeDecodeError:
        return SHIFT_JIS
    return UTF_8


def decode(line: bytes, encoding: str) -> str:
    """The line as text; a byte that does not belong to the encoding is named with its place."""
    try:
        return line.decode(encoding)
    except UnicodeDecodeError as error:
        message = _("Byte %(place)d (0x%(byte)s) is not %(encoding)s. Save the file as Shift_JIS or UTF-8.")
        name = "Shift_JIS" if encoding == SHIFT_JIS else "UTF-8"
        place = {"place": error.start + 1, "byte": f"{line[error.start]:02X}", "encoding": name}
        raise BadValueError("undecodable", message % place) from None


def numbered(lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines after the header with their number in the file; empty lines say nothing."""
    return ((number, line) for number, line in enumerate(lines[1:], 2) if line)
