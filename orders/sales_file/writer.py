"""Writes rows as a sales file: what the reader reads."""

import codecs
import csv
import io
from collections.abc import Iterable

from .rows import COLUMNS, TAX_CLASSES, SaleRow

_CLASS_OF = {category: name for name, category in TAX_CLASSES.items()}


def write_sales_file(rows: Iterable[SaleRow], *, encoding: str = "cp932") -> bytes:
    """The file's bytes with CR LF; `encoding` is cp932, utf-8 or utf-8-sig. Raises UnicodeEncodeError."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows(_fields(row) for row in rows)
    return codecs.encode(buffer.getvalue(), encoding)


def _fields(row: SaleRow) -> tuple[object, ...]:
    return (row.number, f"{row.delivered_on:%Y/%m/%d}", *row[3:13], _CLASS_OF[row.tax_category])
