"""The search of the sidebar: each room registers what it finds for some words.

What is typed is read as it is meant: `３３，０００円` is 33,000 yen, `ｱｸﾒ` and `あくめ` are アクメ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet
from unfold.dataclasses import SearchResult

from billing_project.backoffice.acts import page_of

FOUND_PER_KIND = 5
MOST = 10**12
_AMOUNT = re.compile(r"[¥\\]?(\d[\d,]*)円?")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@dataclass(frozen=True)
class Words:
    """What was typed, in half-width letters and digits and full-width kana."""

    typed: str

    @cached_property
    def text(self) -> str:
        return " ".join(unicodedata.normalize("NFKC", self.typed).split())

    @cached_property
    def wide(self) -> str:
        """In full-width letters and digits, as some names are written."""
        return self.text.translate(_WIDE)

    @cached_property
    def kana(self) -> str:
        """Hiragana as katakana."""
        return self.text.translate(_HIRAGANA)

    @cached_property
    def amount(self) -> int | None:
        """In yen, when the words are a sum."""
        found = _AMOUNT.fullmatch(self.text.replace(" ", ""))
        amount = int(found[1].replace(",", "")) if found else MOST
        return amount if 0 < amount < MOST else None

    def __bool__(self) -> bool:
        return bool(self.text)


_Rows = TypeVar("_Rows", bound=Callable[[Words], QuerySet[Any]])
_Note = Callable[[Any], Any]


@dataclass(frozen=True)
class _Finder:
    order: int
    rows: Callable[[Words], QuerySet[Any]]
    note: _Note


_finders: list[_Finder] = []


def finds(*, order: int, note: _Note) -> Callable[[_Rows], _Rows]:
    """Registers `rows(words)`; few of them are shown, each as its text, its kind and `note(row)`."""

    def register(rows: _Rows) -> _Rows:
        _finders.append(_Finder(order, rows, note))
        return rows

    return register


def found(words: Words) -> list[SearchResult]:
    """What all rooms find, one question each; nothing is kept, since users may have two tenants."""
    return [result for each in sorted(_finders, key=lambda each: each.order) for result in _of(each, words)]


def _of(finder: _Finder, words: Words) -> Iterator[SearchResult]:
    for row in finder.rows(words)[:FOUND_PER_KIND]:
        yield SearchResult(str(row), _described(row, finder.note(row)), page_of(row), "tag")


def _described(row: models.Model, note: Any) -> str:
    return " ".join(str(each) for each in (row._meta.verbose_name, note) if each)
