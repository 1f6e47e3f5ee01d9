"""Whether two files of different kinds tell of the same transfer: banks number entries in each kind anew."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from payments.bank_files.legal_forms import bare_name


class Likeness(IntEnum):
    OTHER = 0
    PERHAPS = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says of a transfer whose account, day and sum are equal to another's."""

    payer: str
    bank_number: str


def likeness(one: Told, other: Told) -> Likeness:
    """The same: payer and the bank's number agree wherever both files give them.

    Perhaps the same: the payer agrees but the numbers differ, or a payer is missing or written in part and
    no number helps. Payers that have nothing in common are two transfers.
    """
    payers = _payers(one.payer, other.payer)
    if payers == Likeness.OTHER:
        return Likeness.OTHER
    if one.bank_number and other.bank_number:
        return Likeness.SAME if one.bank_number == other.bank_number else Likeness.PERHAPS
    return payers


def _payers(one: str, other: str) -> Likeness:
    first, second = bare_name(one) or one, bare_name(other) or other
    if first == second:
        return Likeness.SAME if first else Likeness.PERHAPS
    return Likeness.PERHAPS if first in second or second in first else Likeness.OTHER
