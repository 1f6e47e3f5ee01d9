"""The beginning of a text as a range.

Row security lets only operators that cannot leak what they see use an index, and LIKE is none of them.
"""

from __future__ import annotations

import unicodedata
from functools import reduce
from operator import or_

from django.db.models import Q

_LAST = chr(0x10FFFF)


def begins(field: str, start: str) -> Q:
    """Texts that begin with exactly this."""
    return Q(**{f"{field}__gte": start, f"{field}__lt": start + _LAST})


def number_begins(field: str, typed: str) -> Q:
    """Numbers of ours, in capital letters, in whatever width and case they were typed."""
    return begins(field, _plain(typed).upper())


def anyones_number_begins(field: str, typed: str) -> Q:
    """Numbers that others gave: as typed, all in capital letters or all in small ones."""
    plain = _plain(typed)
    starts = dict.fromkeys((typed.strip(), plain, plain.upper(), plain.lower()))
    return reduce(or_, (begins(field, start) for start in starts))


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip()
