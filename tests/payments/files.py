"""Bank files as tests need them, written by our own writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from payments.bank_files.days import REIWA
from payments.bank_files.layouts import Kind
from payments.bank_files.zengin import NewBatch, write_file

DAY = date(2026, 12, 7)
ACCOUNT: dict[str, str | int] = {
    "bank_code": "0001",
    "branch_code": "100",
    "account_type": 1,
    "account_number": "1234567",
}


def era(day: date) -> str:
    return f"{day.year - REIWA:02}{day:%m%d}"


def incoming(*rows: tuple[str, int] | dict[str, Any], **options: Any) -> bytes:
    """A file of kind 01 of (payer, yen) or of whole rows; the bank numbers them from 1."""
    data = []
    for number, row in enumerate(rows, start=1):
        told = row if isinstance(row, dict) else {"payer_name": row[0], "amount": row[1]}
        data.append({"reference": number, "booked_on": era(DAY), **told})
    return write_file(Kind.INCOMING, [NewBatch(ACCOUNT, data)], **options)


def statement(*rows: tuple[str, int, int], trailer: dict[str, int] | None = None) -> bytes:
    """A file of kind 03 of (payer, direction, yen)."""
    data: Sequence[dict[str, Any]] = [
        {
            "reference": number,
            "booked_on": era(DAY),
            "direction": direction,
            "transaction": 11,
            "amount": amount,
            "payer_name": payer,
        }
        for number, (payer, direction, amount) in enumerate(rows, start=1)
    ]
    return write_file(Kind.STATEMENT, [NewBatch(ACCOUNT, data, trailer or {"records": len(data)})])
